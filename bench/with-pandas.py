# with-pandas: the same work as the seed of this project describes it - one raw file read whole, validated, deduplicated and
# masked with pandas, and written day by day.
#
#   argv    the raw file, a folder to write to
#   stdout  { "ms": ..., "partitions": ... }

import json
import re
import sys
import time

import pandas as pd

statuses = ["placed", "paid", "shipped", "delivered", "cancelled", "returned"]
channels = ["web", "app", "store", "marketplace"]
digit_run = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def passes_luhn(digits):
    total = 0
    for place, digit in enumerate(int(d) for d in reversed(digits)):
        total += digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4)
    return total % 10 == 0


def masked_run(found):
    digits = re.sub("[ -]", "", found.group())
    return "*" * (len(digits) - 4) + digits[-4:] if passes_luhn(digits) else found.group()


def masked(text):
    return digit_run.sub(masked_run, text) if isinstance(text, str) else text


def curate(file, folder):
    rows = pd.read_parquet(file)
    good = (
        (rows["order_id"] >= 1)
        & (rows["customer_id"] >= 1)
        & rows["status"].isin(statuses)
        & rows["channel"].isin(channels)
        & rows["country"].str.fullmatch("[A-Z]{2}")
        & rows["region"].str.fullmatch("[^\r\n]{1,200}")
        & rows["currency"].str.fullmatch("[A-Z]{3}")
        & rows["total"].astype("float64").between(-1e7, 1e7)
        & rows["created_at"].between("2000-01-01", "2100-01-01", inclusive="left")
        & rows["updated_at"].between("2000-01-01", "2100-01-01", inclusive="left")
    )
    rows[~good].to_json(f"{folder}/quarantine.ndjson", orient="records", lines=True)
    rows = rows[good].sort_values("updated_at").drop_duplicates("order_id", keep="last")
    rows["notes"] = rows["notes"].apply(masked)
    days = rows.groupby(rows["created_at"].dt.date)
    for day, part in days:
        part.sort_values("order_id").to_parquet(f"{folder}/dt={day}.parquet", compression="zstd", index=False)
    return len(days)


began = time.perf_counter()
partitions = curate(sys.argv[1], sys.argv[2])
print(json.dumps({"ms": (time.perf_counter() - began) * 1000, "partitions": partitions}))
