"""Scans a folder of packed exports on Spark: spark-submit docs/scale.py FOLDER PROFILE [PROGRAM]

Each partition is piped through `consentlint scan`, which prints one profile on one line; `scan --merge` adds the profiles up.
Only profiles travel: no message leaves the machine that reads it, and no value is in a profile.
"""

import shlex
import subprocess
import sys

from pyspark.sql import SparkSession


def main(folder, out, program="consentlint"):
    spark = SparkSession.builder.appName("consentlint scan").getOrCreate()
    # Spark unpacks .gz by the ending, one partition a file; `checkCode` makes a failed scan fail the job.
    lines = spark.sparkContext.textFile(folder.rstrip("/") + "/*.gz")
    command = shlex.join([program, "scan", "-", "--format", "json"])
    profiles = lines.pipe(command, checkCode=True).collect()
    spark.stop()
    merge = [program, "scan", "--merge", "-", "--out", out]
    subprocess.run(merge, input="\n".join(profiles), text=True, check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
