package io.embedlake.provider.batch;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Outcome;
import io.embedlake.embed.Outcome.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Embeds the texts of a wave in batches, several under way at once, and first those that an earlier run left under way. What is about to
 * be paid for is in the journal before it is asked for, and leaves it after its outcomes are kept: so the run may be killed at any
 * moment and another process goes on with the same journal. Confined to one thread; for one run.
 */
public final class BatchRun {
    /** After these the provider may have the batch nevertheless. */
    private static final Set<ErrorKind> UNSURE =
            EnumSet.of(ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.PROTOCOL);

    private final BatchApi api;
    private final BatchJournal journal;
    private final BatchSettings settings;
    private final Pause pause;
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
    public BatchRun(BatchApi api, BatchJournal journal, BatchSettings settings, Pause pause, RandomGenerator random) {
        this.api = Objects.requireNonNull(api);
        this.journal = Objects.requireNonNull(journal);
        this.settings = Objects.requireNonNull(settings);
        this.pause = Objects.requireNonNull(pause);
        this.random = Objects.requireNonNull(random);
    }

    /**
     * Returns when all of these texts and all of earlier batches have an outcome. Texts that are in a batch under way already are not
     * sent again.
     *
     * @throws EmbedlakeException where a batch is refused or the provider cannot be used; what is under way is then in the journal,
     *     unless it was waited for
     */
    public BatchCounts run(Iterator<BatchText> texts, BatchSink sink) {
        BatchSink counting = counting(sink);
        resume();
        Set<String> onTheWay = new HashSet<>();
        underWay.forEach(batch -> onTheWay.addAll(batch.ids()));
        BatchFiles files = new BatchFiles(
                api,
                api.limits().and(settings.limits()),
                settings.folder(),
                new Others(texts, onTheWay),
                id -> counting.take(
                        id,
                        new Refused(ErrorKind.INVALID_INPUT, "the text is larger than the file of a batch may be")));
        Duration wait = settings.firstPoll();
        while (fill(files) || !underWay.isEmpty()) {
            if (collect(counting)) {
                wait = settings.firstPoll();
            } else {
                rest(wait);
                wait = longer(wait);
            }
        }
        // Texts that were too large for a file belong to no batch.
        counting.commit();
        fault.ifPresent(why -> {
            throw why;
        });
        return new BatchCounts(submitted, resumed, embedded, refused, unknown);
    }

    /** Goes on with what the journal knows. A file without a batch is left alone: its texts come again with the others. */
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

    /** Asks for batches while there are texts and room; true where there may be more of both later. */
    private boolean fill(BatchFiles files) {
        while (fault.isEmpty() && underWay.size() < settings.atOnce()) {
            Optional<BatchFiles.BatchFile> file = files.next();
            if (file.isEmpty()) {
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

    private OpenBatch submit(BatchFiles.BatchFile file) {
        String marker = "embedlake-%016x%016x".formatted(random.nextLong(), random.nextLong());
        String uploaded;
        try {
            uploaded = api.upload(file.path(), marker);
        } finally {
            delete(file.path());
        }
        journal.append(JournalEntry.uploaded(marker, uploaded, file.ids()));
        String batch = ask(uploaded, marker);
        journal.append(JournalEntry.submitted(marker, batch));
        return new OpenBatch(marker, Optional.of(batch), file.ids());
    }

    /** An answer that did not come may have been a batch: it is looked for before it is asked for again. */
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
            BatchStatus status = api.look(batch.batch().orElseThrow());
            if (status.isOver()) {
                collect(batch, status, sink);
                journal.append(JournalEntry.finished(batch.marker()));
                underWay.remove(batch);
            }
        }
        return underWay.size() < before;
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
            Join join = new Join(api);
            join.hand(batch.ids(), status, files, sink);
            unknown += join.unknown();
        } finally {
            files.forEach(BatchRun::delete);
        }
        sink.commit();
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
            public void commit() {
                sink.commit();
            }
        };
    }

    private Duration longer(Duration wait) {
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(settings.longestPoll()) < 0 ? twice : settings.longestPoll();
    }

    private void rest(Duration time) {
        try {
            pause.of(time);
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

    /** The texts that are not on the way already. Confined to one thread. */
    private static final class Others implements Iterator<BatchText> {
        private final Iterator<BatchText> all;
        private final Set<String> onTheWay;
        private Optional<BatchText> next = Optional.empty();

        Others(Iterator<BatchText> all, Set<String> onTheWay) {
            this.all = all;
            this.onTheWay = onTheWay;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && all.hasNext()) {
                next = Optional.of(all.next()).filter(text -> !onTheWay.contains(text.id()));
            }
            return next.isPresent();
        }

        @Override
        public BatchText next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            BatchText text = next.orElseThrow();
            next = Optional.empty();
            return text;
        }
    }
}
