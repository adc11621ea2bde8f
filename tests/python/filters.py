"""Runs queries over tables of CSV, for the test of the filters.

filters.py ENGINE MANIFEST: ENGINE is duckdb, spark or parse; MANIFEST is a file of JSON, a list of worlds, each with the
folder of its tables, the statements that load them, and queries. Prints one line of JSON a query: the rows, each a list.
"""

import json
import os
import sys


def statements(text):
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [s for s in (s.strip() for s in "\n".join(lines).split(";\n")) if s and s not in ("BEGIN", "COMMIT", "COMMIT;")]


def with_duckdb(worlds):
    import duckdb

    for world in worlds:
        os.chdir(world["folder"])
        connection = duckdb.connect(config={"threads": 2})
        for statement in statements(world["load"]):
            connection.execute(statement)
        for query in world["queries"]:
            yield connection.execute(query).fetchall()
        connection.close()


def with_spark(worlds):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    for world in worlds:
        for statement in statements(world["load"]):
            spark.sql(statement.replace("path '", f"path '{world['folder']}/").rstrip(";"))
        for query in world["queries"]:
            yield [list(row) for row in spark.sql(query).collect()]


def with_parser(worlds):
    """No rows: the parser reads every statement as Spark's, or refuses."""
    import sqlglot

    for world in worlds:
        for statement in statements(world["load"]):
            sqlglot.parse_one(statement.rstrip(";"), read="spark")
        for query in world["queries"]:
            sqlglot.parse_one(query, read="spark", error_level=sqlglot.ErrorLevel.RAISE)
            yield []


ENGINES = {"duckdb": with_duckdb, "spark": with_spark, "parse": with_parser}

if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as manifest:
        worlds = json.load(manifest)
    for rows in ENGINES[sys.argv[1]](worlds):
        print(json.dumps([list(row) for row in rows]))
