-- What every later migration stands on: vectors, to search by meaning.
-- Creating an extension needs rds_superuser on AWS, which the master user has.

create extension if not exists vector;
