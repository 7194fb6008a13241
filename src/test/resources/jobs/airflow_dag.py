"""What a DAG of spark-submit does, as JSON: airflow_dag.py DAG_FILE stub|airflow.

With "stub" its imports find stand-ins that know the arguments used; with "airflow" the real Airflow parses and executes it.
spark-submit is found on the path: it ends with the exit code in the variable EXIT_CODE.
"""

import json
import os
import subprocess
import sys
import types


class AirflowException(Exception):
    pass


class AirflowFailException(AirflowException):
    pass


def stub():
    class DAG:
        current = None

        def __init__(self, dag_id, schedule, start_date, catchup, max_active_runs, tags):
            self.dag_id, self.schedule, self.max_active_runs, self.tasks = dag_id, schedule, max_active_runs, []

        def __enter__(self):
            DAG.current = self
            return self

        def __exit__(self, *failure):
            DAG.current = None

    class SparkSubmitOperator:
        def __init__(self, *, task_id, conn_id, name, application, java_class, application_args, packages, driver_memory,
                     executor_memory, executor_cores, conf, env_vars, retries, retry_delay, on_failure_callback):
            self.__dict__.update((name, value) for name, value in locals().items() if name != "self")
            DAG.current.tasks.append(self)

        def execute(self, context):
            code = subprocess.call(["spark-submit", "--class", self.java_class, self.application, *self.application_args])
            if code:
                raise AirflowException(f"Cannot execute: spark-submit. Error code is: {code}.")

    def module(name, **members):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__dict__.update(members)

    module("airflow", DAG=DAG)
    module("airflow.exceptions", AirflowException=AirflowException, AirflowFailException=AirflowFailException)
    for package in ("providers", "providers.apache", "providers.apache.spark", "providers.apache.spark.operators"):
        module("airflow." + package)
    module("airflow.providers.apache.spark.operators.spark_submit", SparkSubmitOperator=SparkSubmitOperator)


def ending(task, code):
    os.environ["EXIT_CODE"] = str(code)
    try:
        task.execute({})
        return "done"
    except Exception as failure:
        return type(failure).__name__


def main(file, how):
    if how == "stub":
        stub()
    import importlib.util

    spec = importlib.util.spec_from_file_location("dag_file", file)
    read = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(read)
    task = read.dag.tasks[0]
    # The values of templates are not at hand outside of a run.
    secrets, task.env_vars = dict(task.env_vars), {}
    application = getattr(task, "application", None)
    print("RESULT " + json.dumps({
        "dag": read.dag.dag_id,
        "tasks": len(read.dag.tasks),
        "schedule": str(getattr(read.dag, "schedule", "")),
        "application": application,
        "main_class": getattr(task, "java_class", None) or task._java_class,
        "arguments": task.application_args,
        "packages": task.packages,
        "secrets": secrets,
        "retries": task.retries,
        "endings": {code: ending(task, code) for code in (0, 1, 2, 3, 4, 5, 137)},
    }))


main(*sys.argv[1:])
