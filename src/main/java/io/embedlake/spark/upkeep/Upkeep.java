package io.embedlake.spark.upkeep;

import io.embedlake.config.TableRef;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.spool.Spool;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunLog;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Keeps the tables of a store small and fast: small files become large, and what runs have left that nobody asks for any more goes.
 * Confined to the driver.
 */
public final class Upkeep {
    /** Runs are remembered at least this long. */
    private static final Duration REMEMBERED = Duration.ofDays(400);

    private final Tables tables;
    private final TableRef store;
    private final Clock clock;
    private final JobObserver observer;
    private final Compaction compaction;

    public Upkeep(Tables tables, TableRef store, Clock clock, JobObserver observer) {
        this.tables = tables;
        this.store = store;
        this.clock = clock;
        this.observer = observer;
        this.compaction = new Compaction(tables);
    }

    /**
     * Does all of it, whether it is due or not.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such store, {@link ErrorKind#STORAGE} when a table
     *     cannot be written, or another writer was faster
     */
    public CompactedStore byHand() {
        if (!tables.exists(store)) {
            tables.requireMissing(store);
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot compact the store " + store
                            + ": there is no such table (the first run makes it). Run the job first.");
        }
        Instant oldest = clock.instant().minus(REMEMBERED);
        long runs = new RunLog(tables, store).forget(oldest);
        long spools = removeSpools(oldest);
        return new CompactedStore(
                all().flatMap(table -> {
                            observer.phase("Compacting " + table);
                            return compaction.of(table).stream();
                        })
                        .toList(),
                runs,
                spools);
    }

    /** Does what is due and quick. A run that has done its work does not fail for it: what cannot be done now is left to the next one. */
    public void afterRun() {
        for (TableRef table : all().filter(compaction::isDue).toList()) {
            try {
                afterRun(table);
            } catch (RuntimeException e) {
                observer.phase("Left " + table + " as it is (" + Failures.brief(e) + "); the next run tries again");
            }
        }
    }

    private void afterRun(TableRef table) {
        if (table.equals(runs())) {
            new RunLog(tables, store).forget(clock.instant().minus(REMEMBERED));
        } else if (!compaction.isSmall(table)) {
            observer.phase("Small files have piled up in " + table
                    + ", which is too large to compact now: run embedlake compact");
            return;
        }
        observer.phase("Compacting " + table);
        compaction.of(table);
    }

    private Stream<TableRef> all() {
        return Stream.of(store, store.sibling("_spans"), store.sibling("_rejected"), runs());
    }

    private TableRef runs() {
        return store.sibling("_runs");
    }

    private long removeSpools(Instant oldest) {
        try {
            return Spool.removeDead(
                    tables.location(store), tables.spark().sessionState().newHadoopConf(), oldest, clock.instant());
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot remove what dead runs have left beside the store " + store + " (" + e.getMessage()
                            + "). Get the right to write there.",
                    e);
        }
    }
}
