-- A role that may load into the tables of one schema and do nothing else: what a plan could still try
-- beyond what snakepipe lets through, the server refuses.
--
--   psql -v role=loader -v schema=ast -f loader_role.sql mydatabase
--
-- Then: ALTER ROLE loader PASSWORD '…', or whatever pg_hba.conf asks for.

CREATE ROLE :"role" LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  CONNECTION LIMIT 16;

-- Nothing of the role's runs, waits or idles for ever.
ALTER ROLE :"role" SET statement_timeout = '15min';
ALTER ROLE :"role" SET lock_timeout = '1min';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE :"role" SET search_path = :"schema";

-- Temporary tables are where the rows of an upsert are staged.
GRANT CONNECT, TEMPORARY ON DATABASE :"DBNAME" TO :"role";

-- Tables that loads make belong to the role; of those that are there, it gets what loads need. TRUNCATE
-- is for loads that replace, UPDATE for those that upsert: leave out what you do not use.
CREATE SCHEMA IF NOT EXISTS :"schema";
GRANT USAGE, CREATE ON SCHEMA :"schema" TO :"role";
GRANT SELECT, INSERT, UPDATE, TRUNCATE ON ALL TABLES IN SCHEMA :"schema" TO :"role";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA :"schema" TO :"role";
