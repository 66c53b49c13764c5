-- What users' pictures show: items, what a model has said of them, and vectors to find them by. Written by
-- functions/collections; the API reads, and deletes items. Everybody reads and writes as the user whom the transaction was opened for, and as
-- nobody where it was opened for none.

-- The master user's own schema is first on its search path, so that 0001 made the extension there, where nobody else sees
-- its types. Nothing has used it so far.
drop extension vector;
create extension vector with schema public;

create schema collections;

-- They log in with tokens of IAM and have no password; each function's policy names the one that it may be.
create role collections_ingest login;
create role collections_api login;
grant rds_iam to collections_ingest, collections_api;
grant usage on schema collections to collections_ingest, collections_api;

-- A last line: a search that takes longer is of no use to whoever has asked.
alter role collections_api set statement_timeout = '10s';

-- Set for a transaction: set_config('tributary.user', '1f0c...', true).
create function collections.user_id() returns text language sql stable as
$$ select nullif(current_setting('tributary.user', true), '') $$;

-- A picture, by the name of its file without the ending. Of two files that differ in the ending it is the newer one.
create table collections.items (
  id text not null,
  user_id text not null,
  filename text not null,
  bucket text not null,
  -- Its key.
  file_path text not null,
  -- Of the object, and when it came into the bucket.
  version_id text not null,
  uploaded_at timestamptz not null,
  thumbnail_key text not null,
  mime_type text not null,
  -- In pixels, as it is looked at.
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, id)
);
create index on collections.items (user_id, created_at desc, id desc);

-- What a model has said of a version of a picture, and each time that it was asked again. What was said is never written over.
create table collections.analyses (
  id uuid not null default gen_random_uuid(),
  item_id text not null,
  user_id text not null,
  version integer not null,
  -- Of the object that was looked at.
  version_id text not null,
  -- Of whoever asked again; empty for the first analysis of a version.
  request_id text not null,
  -- Whether it is the item's newest one, by its version.
  newest boolean not null default true,
  category text not null,
  summary text not null,
  -- All that was said, as schemas/analysis.ts has it.
  raw_response jsonb not null,
  provider_used text not null,
  model_used text not null,
  trace_id text,
  search_vector tsvector not null generated always as (
    setweight(to_tsvector('english', category), 'A') ||
    setweight(jsonb_to_tsvector('english', coalesce(raw_response -> 'objects', '[]'), '["string"]'), 'A') ||
    setweight(to_tsvector('english', summary), 'B') ||
    setweight(to_tsvector('english', coalesce(raw_response ->> 'text', '')), 'C') ||
    setweight(jsonb_to_tsvector('english', coalesce(raw_response -> 'colours', '[]'), '["string"]'), 'C') ||
    setweight(to_tsvector('english', coalesce(raw_response ->> 'mood', '')), 'D')
  ) stored,
  created_at timestamptz not null default now(),
  primary key (user_id, item_id, id),
  unique (user_id, item_id, version),
  unique (user_id, item_id, version_id, request_id),
  foreign key (user_id, item_id) references collections.items (user_id, id) on delete cascade
);
create unique index on collections.analyses (user_id, item_id) where newest;
-- Of both at once: a user's items among those of everybody, and the words in them.
create index analyses_words on collections.analyses using gin ((array[user_id]), search_vector) where newest;

-- The newest analysis of an item that was embedded, one for each model: what is found is an item and no history.
create table collections.embeddings (
  id uuid not null default gen_random_uuid(),
  item_id text not null,
  analysis_id uuid not null,
  user_id text not null,
  -- In the row itself: to look up a row's vector elsewhere takes three times as long (bench/search.ts).
  vector vector(1024) storage plain not null,
  embedding_model text not null,
  embedding_dimensions integer not null generated always as (vector_dims(vector)) stored,
  -- The fields that the document was made of.
  embedding_source jsonb not null,
  created_at timestamptz not null default now(),
  primary key (user_id, item_id, embedding_model),
  foreign key (user_id, item_id, analysis_id) references collections.analyses (user_id, item_id, id) on delete cascade
);
create index embeddings_nearest on collections.embeddings using hnsw (vector vector_cosine_ops) with (m = 16, ef_construction = 128);

grant select, insert, update on collections.items, collections.embeddings to collections_ingest;
grant select, insert, update (newest) on collections.analyses to collections_ingest;
grant select on collections.items, collections.analyses, collections.embeddings to collections_api;
-- What is an item's goes with it.
grant delete on collections.items to collections_api;

alter table collections.items enable row level security;
alter table collections.analyses enable row level security;
alter table collections.embeddings enable row level security;

-- In a subquery, which is run once and not for every row.
create policy own on collections.items using (user_id = (select collections.user_id()));
create policy own on collections.analyses using (user_id = (select collections.user_id()));
create policy own on collections.embeddings using (user_id = (select collections.user_id()));

-- Which of the user's items have these words, the best first. Past a policy no index answers `@@`, which PostgreSQL does
-- not trust to keep to itself what it is shown: so this is run as its owner, and asks for the user's rows by itself. What
-- the items are it does not say; whoever wants to know reads them by the policies.
create function collections.text_matches(
  query tsquery, only_category text, from_time timestamptz, before_time timestamptz, most integer
) returns table (item_id text, rank real)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select found.item_id, ts_rank_cd(found.search_vector, query, 32) as rank
  from collections.analyses found
  where found.newest
    and array[found.user_id] @> array[(select collections.user_id())]
    and found.search_vector @@ query
    and (only_category is null or found.category = only_category)
    and (from_time is null and before_time is null or exists (
      select from collections.items item
      where item.user_id = found.user_id and item.id = found.item_id
        and item.created_at >= coalesce(from_time, '-infinity') and item.created_at < coalesce(before_time, 'infinity')
    ))
  order by rank desc, found.item_id
  limit most
$$;
revoke execute on function collections.text_matches from public;
grant execute on function collections.text_matches to collections_api;
