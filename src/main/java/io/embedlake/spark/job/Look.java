package io.embedlake.spark.job;

import io.embedlake.config.JobSpec;
import io.embedlake.config.TableRef;
import io.embedlake.spark.change.ChangedFiles;
import io.embedlake.spark.change.SourceHistory;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.sql.StableCondition;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ReducerStore;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.TableVersions;
import java.util.List;
import java.util.Optional;

/** Which rows of the source a run looks at. Its text says so to people. */
sealed interface Look {
    /**
     * All rows.
     *
     * @param reason why, to follow "because"
     */
    record Everything(String reason) implements Look {
        @Override
        public String toString() {
            return "all rows, because " + reason;
        }
    }

    /**
     * Those that have changed since another run of the same job; everything else is as that run has left it.
     *
     * @param last that run
     * @param since the version of the source that it read
     * @param files where the rows are
     */
    record Changes(RunRecord last, long since, ChangedFiles files) implements Look {
        @Override
        public String toString() {
            return "rows that changed since version " + since
                    + (files.areNone() ? ": none" : " (in " + files.now().size() + " files)");
        }
    }

    /**
     * Decides by what has happened to the job and its tables since its last run. Confined to the driver; starts no Spark job.
     *
     * @param context the run
     * @param last the last run of the job
     * @param now the versions of the tables
     * @param source all rows
     */
    record Decision(JobContext context, LastRun last, TableVersions now, SourceRows source) {
        Look of(List<JobColumn> columns, ColumnReducers reducers) {
            if (last.run().isEmpty()) {
                return new Everything("no run of the job has published to the target yet");
            }
            RunRecord run = last.run().get();
            return differs(run, columns, reducers).<Look>map(Everything::new).orElseGet(() -> since(run));
        }

        /** What else than the tables may be other than it was. */
        private Optional<String> differs(RunRecord run, List<JobColumn> columns, ColumnReducers reducers) {
            JobSpec job = context.job();
            List<ColumnRecord> made = run.columns();
            if (!run.spec().equals(job.describe())) {
                return Optional.of("the job has changed");
            }
            if (!run.versions().equals(Versions.of(context.spark()))) {
                return Optional.of("the versions of the software or the time zone have changed");
            }
            if (!made.stream()
                    .map(ColumnRecord::fingerprint)
                    .toList()
                    .equals(columns.stream()
                            .map(column -> column.spec().fingerprint().hash())
                            .toList())) {
                return Optional.of("a model has changed");
            }
            for (int i = 0; i < columns.size(); i++) {
                if (isReducedAnew(columns.get(i), made.get(i), reducers)) {
                    return Optional.of("the reduction of " + columns.get(i).name() + " is not that of the last run");
                }
            }
            if (source.texts().stream().anyMatch(SourceText::isOfFiles)) {
                return Optional.of("files of images change without their paths");
            }
            return job.source()
                    .where()
                    .filter(where -> !StableCondition.isStable(source.all(), where))
                    .map(where -> "source.where does not depend on the row alone");
        }

        private static boolean isReducedAnew(JobColumn column, ColumnRecord made, ColumnReducers reducers) {
            if (column.embedding().reduce().isNothing()) {
                return false;
            }
            Optional<String> latest =
                    reducers.latest(column.embedding(), column.spec()).map(ReducerStore.Versioned::name);
            return !latest.equals(Optional.of(made.reduction().name()));
        }

        private Look since(RunRecord run) {
            TableVersions then = run.tables();
            if (then.source().isEmpty() || now.source().isEmpty()) {
                return new Everything("the source has no versions");
            }
            SourceHistory history = new SourceHistory(context.tables(), run.run());
            Optional<String> others = othersWrote(history, then);
            if (others.isPresent()) {
                return new Everything(others.get());
            }
            TableVersion from = then.source().get();
            TableVersion to = now.source().get();
            JobSpec job = context.job();
            SourceHistory.Found found = job.isInPlace()
                    ? history.inPlace(job.source().table(), from, to)
                    : history.ofSource(job.source().table(), from, to);
            return found.files()
                    .<Look>map(files -> new Changes(run, from.number(), files))
                    .orElseGet(() -> new Everything(found.unknown()));
        }

        private Optional<String> othersWrote(SourceHistory history, TableVersions then) {
            JobSpec job = context.job();
            if (then.store().isEmpty()
                    || now.store().isEmpty()
                    || then.rejected().isEmpty()) {
                return Optional.of("the store is new");
            }
            var store = context.store();
            boolean areKept = history.isOnlyAppendedTo(
                            job.target().store(),
                            then.store().get(),
                            now.store().get())
                    && areKept(history, store.rejected(), then.rejected(), now.rejected())
                    && areKept(history, store.spans(), then.spans(), now.spans());
            if (!areKept) {
                return Optional.of("rows of the store were removed, or its history is gone");
            }
            if (job.isInPlace()) {
                return Optional.empty();
            }
            if (then.target().isEmpty() || now.target().isEmpty()) {
                return Optional.of("others wrote to the target while the last run published");
            }
            return history.isUntouched(
                            job.target().table(),
                            then.target().get(),
                            now.target().get())
                    ? Optional.empty()
                    : Optional.of("others have written to the target");
        }

        private static boolean areKept(
                SourceHistory history, TableRef table, Optional<TableVersion> then, Optional<TableVersion> now) {
            return then.isEmpty() && now.isEmpty()
                    || then.isPresent() && now.isPresent() && history.isOnlyAppendedTo(table, then.get(), now.get());
        }
    }
}
