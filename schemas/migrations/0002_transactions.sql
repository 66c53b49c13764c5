-- What sellers' feeds say, a row per transaction, and what it adds up to. Written by functions/transactions; read by the API,
-- and by SQL that a model has written. Everybody reads and writes as the sellers that the transaction was opened for, and as
-- nobody where it was opened for none.

create schema transactions;

-- They log in with tokens of IAM and have no password; each function's policy names the one that it may be.
create role transactions_ingest login;
create role transactions_api login;
create role transactions_query login;
grant rds_iam to transactions_ingest, transactions_api, transactions_query;
grant usage on schema transactions to transactions_ingest, transactions_api, transactions_query;

-- A last line: what a model has written neither writes nor runs for long, whatever its caller forgets.
alter role transactions_query set default_transaction_read_only = on;
alter role transactions_query set statement_timeout = '10s';
alter role transactions_query set search_path = transactions;

-- Set for a transaction: set_config('tributary.sellers', 'acme,berg', true).
create function transactions.sellers() returns text[] language sql stable as
$$ select string_to_array(nullif(current_setting('tributary.sellers', true), ''), ',') $$;

-- A feed that was processed, or that failed: once per version of its object, and its row is written with its transactions.
create table transactions.uploads (
  seller_id text not null,
  upload_id text not null,
  version text not null,
  object text not null,
  file_name text not null,
  uploaded_at timestamptz not null,
  outcome text not null check (outcome in ('processed', 'processed_with_rejects', 'failed')),
  rows_in bigint not null,
  rows_accepted bigint not null,
  rows_duplicate bigint not null,
  rows_rejected bigint not null,
  error_id text,
  error_code text,
  error_message text,
  -- The error that it corrects.
  resolves text,
  processed_at timestamptz not null default now(),
  notified_at timestamptz,
  primary key (seller_id, upload_id, version),
  check (rows_in = rows_accepted + rows_duplicate + rows_rejected)
);

-- The newest version of each transaction: by when its file was uploaded, then by the upload and its version, then by its row.
create table transactions.transactions (
  seller_id text not null,
  transaction_id text not null,
  occurred_at timestamptz not null,
  day date not null generated always as ((occurred_at at time zone 'UTC')::date) stored,
  product_id text not null,
  product_name text not null,
  category text not null,
  currency text not null,
  -- Negative where goods came back.
  quantity bigint not null check (quantity <> 0),
  unit_price numeric(19, 4) not null check (unit_price >= 0),
  -- Of the whole line, never more than what it comes to.
  discount numeric(19, 4) not null check (discount >= 0),
  amount numeric(38, 4) not null generated always as (quantity * unit_price) stored,
  revenue numeric(38, 4) not null generated always as (quantity * unit_price - sign(quantity::numeric) * discount) stored,
  inventory_level bigint check (inventory_level >= 0),
  uploaded_at timestamptz not null,
  upload_id text not null,
  upload_version text not null,
  source_row bigint not null,
  primary key (seller_id, transaction_id)
);
create index on transactions.transactions (seller_id, day, transaction_id);
create index on transactions.transactions (seller_id, product_id, occurred_at);
create index on transactions.transactions (seller_id, product_id, occurred_at) where inventory_level is not null;

create table transactions.daily_totals (
  seller_id text not null,
  day date not null,
  product_id text not null,
  category text not null,
  currency text not null,
  transactions bigint not null,
  quantity bigint not null,
  amount numeric(38, 4) not null,
  revenue numeric(38, 4) not null,
  primary key (seller_id, day, product_id, category, currency)
);
-- Those of which nothing is left, on their way out.
create index on transactions.daily_totals (seller_id) where transactions = 0;

-- What the newest of its transactions calls a product, and the newest one that says so, how much is left of it.
create table transactions.products (
  seller_id text not null,
  product_id text not null,
  product_name text not null,
  category text not null,
  inventory_level bigint,
  inventory_at timestamptz,
  primary key (seller_id, product_id)
);

grant select, insert, update on transactions.uploads to transactions_ingest;
grant select, insert, update, delete on transactions.transactions, transactions.daily_totals, transactions.products to transactions_ingest;
grant select on transactions.uploads, transactions.transactions, transactions.daily_totals, transactions.products to transactions_api;
-- What questions are answered from (functions/transactions/run-query/relations.ts), and not which feed a row is of.
grant select (seller_id, transaction_id, occurred_at, day, product_id, product_name, category, currency, quantity, unit_price,
  discount, amount, revenue, inventory_level) on transactions.transactions to transactions_query;
grant select (seller_id, day, product_id, category, currency, transactions, quantity, amount, revenue)
  on transactions.daily_totals to transactions_query;
grant select (seller_id, product_id, product_name, category, inventory_level, inventory_at)
  on transactions.products to transactions_query;

alter table transactions.uploads enable row level security;
alter table transactions.transactions enable row level security;
alter table transactions.daily_totals enable row level security;
alter table transactions.products enable row level security;

-- In a subquery, which is run once and not for every row.
create policy own on transactions.uploads using (seller_id = any ((select transactions.sellers())::text[]));
create policy own on transactions.transactions using (seller_id = any ((select transactions.sellers())::text[]));
create policy own on transactions.daily_totals using (seller_id = any ((select transactions.sellers())::text[]));
create policy own on transactions.products using (seller_id = any ((select transactions.sellers())::text[]));
