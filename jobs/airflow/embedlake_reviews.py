"""A nightly run of embedlake by spark-submit in client mode. Copy this file into Airflow's folder of DAGs.

Tried with Airflow 3.3 and its provider apache-spark; the connection spark_default names the master. Change the paths.
"""

import os
import re
from datetime import datetime, timedelta

from airflow import DAG
from airflow.exceptions import AirflowException, AirflowFailException
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

HOME = os.environ.get("EMBEDLAKE_HOME", "/opt/embedlake")

# What to do about an exit code: docs/deploy.md. Every other one, of a killed driver too, is tried again.
NEVER_RETRIED = {
    2: "wrong usage or job file",
    3: "more texts rejected than errors.max-rate allows",
}


class EmbedlakeOperator(SparkSubmitOperator):
    """spark-submit, whose exit code decides whether a task is tried again."""

    def execute(self, context):
        try:
            return super().execute(context)
        except AirflowException as failure:
            code = re.search(r"Error code is: (\d+)", str(failure))
            reason = NEVER_RETRIED.get(int(code.group(1))) if code else None
            if reason:
                raise AirflowFailException(f"embedlake ended with exit code {code.group(1)}: {reason}") from failure
            raise


def alert(context):
    """Called when a task has failed for good; put the pager, chat or mail here."""
    print(f"embedlake failed: {context['task_instance'].task_id}")


with DAG(
    dag_id="embedlake_reviews",
    schedule="0 3 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    tags=["embedlake"],
) as dag:
    EmbedlakeOperator(
        task_id="embed",
        conn_id="spark_default",
        name="embedlake reviews",
        application=f"{HOME}/target/embedlake-0.1.0-job-with-natives.jar",
        java_class="io.embedlake.cli.Main",
        application_args=["embed", f"{HOME}/conf/reviews.yaml", "--output", "json"],
        packages="io.delta:delta-spark_4.1_2.13:4.4.0",
        driver_memory="4g",
        executor_memory="6g",
        executor_cores=4,
        conf={"spark.executor.memoryOverhead": "6g"},
        # The password of the connection huggingface; a job file says env:HF_TOKEN. A provider's key goes the same way.
        env_vars={"HF_TOKEN": "{{ conn.huggingface.password }}"},
        # Exit code 4: a quota or budget is used up. Every hour, until the night is over; what is paid for is kept.
        retries=4,
        retry_delay=timedelta(hours=1),
        on_failure_callback=alert,
    )
