package io.embedlake.remote.batch;

import io.embedlake.retry.Sleeper;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Outcome.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterators;
import java.util.random.RandomGenerator;
import java.util.stream.StreamSupport;

/**
 * Embeds the texts of a wave in batches, several in flight at once, those that an earlier run left in flight first. A batch is journaled
 * before it is submitted, and leaves the journal after its outcomes are stored: the run may be killed at any moment, and another process
 * continues with the same journal. Confined to one thread; for one run.
 */
public final class BatchRun {
    /** After these the provider may have the batch nevertheless. */
    private static final Set<ErrorKind> UNSURE =
            EnumSet.of(ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.PROTOCOL);

    private final BatchApi api;
    private final BatchJournal journal;
    private final BatchSettings settings;
    private final BatchBudget budget;
    private final BatchWatch watch;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final List<OpenBatch> underWay = new ArrayList<>();
    private Optional<EmbedlakeException> fault = Optional.empty();
    private int submitted;
    private int resumed;
    private long embedded;
    private long refused;
    private long unknown;

    /**
     * A run that has not begun.
     *
     * @param random makes the markers of batches; runs that share an account must not share a seed
     */
    public BatchRun(
            BatchApi api,
            BatchJournal journal,
            BatchSettings settings,
            BatchBudget budget,
            BatchWatch watch,
            Sleeper sleeper,
            RandomGenerator random) {
        this.api = Objects.requireNonNull(api);
        this.journal = Objects.requireNonNull(journal);
        this.settings = Objects.requireNonNull(settings);
        this.budget = Objects.requireNonNull(budget);
        this.watch = Objects.requireNonNull(watch);
        this.sleeper = Objects.requireNonNull(sleeper);
        this.random = Objects.requireNonNull(random);
    }

    /**
     * Returns when all of these texts and all of earlier batches have an outcome. Texts that are in a batch under way already are not
     * sent again.
     *
     * @throws EmbedlakeException where a batch is refused, the budget is used up or the provider cannot be used; what is under way is
     *     then in the journal, unless it was waited for
     */
    public BatchCounts run(Iterator<BatchText> texts, BatchSink sink) {
        BatchSink counting = counting(sink);
        resume();
        Set<String> onTheWay = new HashSet<>();
        underWay.forEach(batch -> batch.texts().forEach(text -> onTheWay.add(text.id())));
        Iterator<BatchText> others = StreamSupport.stream(Spliterators.spliteratorUnknownSize(texts, 0), false)
                .filter(text -> !onTheWay.contains(text.id()))
                .iterator();
        BatchFiles files = new BatchFiles(api, api.limits().and(settings.limits()), settings.folder(), others);
        Duration wait = settings.firstPoll();
        while (fill(files, counting) || !underWay.isEmpty()) {
            if (collect(counting)) {
                wait = settings.firstPoll();
            } else {
                watch.waiting(underWay.size());
                rest(wait);
                wait = longer(wait);
            }
        }
        fault.ifPresent(why -> {
            throw why;
        });
        return new BatchCounts(submitted, resumed, embedded, refused, unknown);
    }

    /** Continues with the batches of the journal. A file without a batch is left alone: its texts come again with the others. */
    private void resume() {
        boolean isSettled = false;
        for (OpenBatch open : OpenBatch.of(journal.entries())) {
            if (open.batch().isEmpty() && !isSettled) {
                rest(settings.settling());
                isSettled = true;
            }
            Optional<String> batch = open.batch().isPresent() ? open.batch() : api.find(open.marker());
            if (batch.isEmpty()) {
                journal.append(JournalEntry.finished(open.marker()));
                continue;
            }
            if (open.batch().isEmpty()) {
                journal.append(JournalEntry.submitted(open.marker(), batch.get()));
            }
            underWay.add(open.submitted(batch.get()));
            resumed++;
        }
    }

    /** Submits batches while there are texts, room and budget; true where there may be more of all of them later. */
    private boolean fill(BatchFiles files, BatchSink sink) {
        while (fault.isEmpty() && underWay.size() < settings.atOnce()) {
            Optional<BatchFiles.BatchFile> file = files.next(budget.left());
            keep(files.refused(), sink);
            if (file.isEmpty()) {
                fault = files.hasMore() ? Optional.of(budget.usedUp()) : fault;
                return false;
            }
            try {
                underWay.add(submit(file.get()));
                submitted++;
            } catch (EmbedlakeException e) {
                fault = Optional.of(e);
            }
        }
        return fault.isEmpty();
    }

    /** Keeps the outcomes of texts that belong to no batch. */
    private void keep(Map<String, Refused> unsent, BatchSink sink) {
        if (!unsent.isEmpty()) {
            unsent.forEach(sink::take);
            sink.commit(marker());
        }
    }

    private String marker() {
        return "embedlake-%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    private OpenBatch submit(BatchFiles.BatchFile file) {
        String marker = marker();
        String uploaded;
        try {
            uploaded = api.upload(file.path(), marker);
        } finally {
            delete(file.path());
        }
        journal.append(JournalEntry.uploaded(marker, uploaded, file.texts()));
        budget.spend(SentText.tokens(file.texts()));
        String batch = ask(uploaded, marker);
        journal.append(JournalEntry.submitted(marker, batch));
        return new OpenBatch(marker, Optional.of(batch), file.texts());
    }

    /** A lost answer may hide a created batch: it is looked up before it is submitted again. */
    private String ask(String file, String marker) {
        for (int attempt = 1; ; attempt++) {
            try {
                return api.submit(file, marker);
            } catch (EmbedlakeException e) {
                if (!UNSURE.contains(e.kind())) {
                    journal.append(JournalEntry.finished(marker));
                    throw e;
                }
                rest(settings.settling());
                Optional<String> batch = api.find(marker);
                if (batch.isPresent()) {
                    return batch.get();
                }
                if (attempt >= settings.attempts()) {
                    throw e;
                }
            }
        }
    }

    /** Takes the outcomes of batches that are over; true where there was one. */
    private boolean collect(BatchSink sink) {
        int before = underWay.size();
        for (OpenBatch batch : List.copyOf(underWay)) {
            BatchStatus status = look(batch);
            if (status.isOver()) {
                collect(batch, status, sink);
                journal.append(JournalEntry.finished(batch.marker()));
                underWay.remove(batch);
            }
        }
        return underWay.size() < before;
    }

    private BatchStatus look(OpenBatch batch) {
        String name = batch.batch().orElseThrow();
        try {
            return api.look(name);
        } catch (EmbedlakeException e) {
            if (e.kind() != ErrorKind.CONFIGURATION) {
                throw e;
            }
            throw new EmbedlakeException(
                    e.kind(),
                    e.getMessage() + " It was asked for the batch " + name
                            + ". Where the provider has that no more, take " + batch.marker()
                            + " out of the journal: its texts are then sent and paid for once more.",
                    e);
        }
    }

    private void collect(OpenBatch batch, BatchStatus status, BatchSink sink) {
        boolean isRefused =
                status.state() == BatchStatus.State.FAILED || status.state() == BatchStatus.State.QUEUE_FULL;
        if (isRefused) {
            fault = fault.or(() -> Optional.of(refusal(status)));
        }
        if (isRefused && status.results().isEmpty()) {
            return;
        }
        List<Path> files = api.download(status, settings.folder());
        try {
            AnswerJoin join = new AnswerJoin(api);
            join.hand(batch.texts(), status, files, sink);
            unknown += join.unknown();
        } finally {
            files.forEach(BatchRun::delete);
        }
        sink.commit(batch.marker());
    }

    private static EmbedlakeException refusal(BatchStatus status) {
        return status.state() == BatchStatus.State.QUEUE_FULL
                ? new EmbedlakeException(
                        ErrorKind.EXHAUSTED,
                        "Cannot run a batch: " + status.reason()
                                + " (the account's queue is full). Run again when other batches are done.")
                : new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot run a batch: " + status.reason()
                                + " (the provider refused it as a whole). Check the model and its options.");
    }

    private BatchSink counting(BatchSink sink) {
        return new BatchSink() {
            @Override
            public void take(String id, Outcome outcome) {
                sink.take(id, outcome);
                if (outcome instanceof Refused) {
                    refused++;
                } else {
                    embedded++;
                }
            }

            @Override
            public void commit(String name) {
                sink.commit(name);
            }
        };
    }

    private Duration longer(Duration wait) {
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(settings.longestPoll()) < 0 ? twice : settings.longestPoll();
    }

    private void rest(Duration time) {
        try {
            sleeper.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbedlakeException(
                    ErrorKind.TRANSIENT,
                    "Cannot wait for batches: interrupted (they go on without us). Run again: it goes on with them.",
                    e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot delete the file of a batch: " + file + " ("
                            + e.getClass().getSimpleName() + "). Check the folder's rights.",
                    e);
        }
    }
}
