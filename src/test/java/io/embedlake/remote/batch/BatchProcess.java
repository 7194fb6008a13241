package io.embedlake.remote.batch;

import io.embedlake.fake.settings.Provider;
import io.embedlake.remote.batch.JournalEntry.Step;
import io.embedlake.remote.batch.api.BatchApis;
import io.embedlake.retry.Sleeper;
import io.embedlake.spi.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** A run in a process of its own, which says when it has come to a moment and stays there until it is killed. */
final class BatchProcess {
    static final String HERE = "here";
    static final int TEXTS = 10;

    private BatchProcess() {}

    /** When to be killed. */
    enum Moment {
        UPLOADED_BEFORE_JOURNAL,
        UPLOADED,
        SUBMITTED_BEFORE_JOURNAL,
        SUBMITTED,
        POLLING,
        KEPT_BEFORE_JOURNAL,
        NEVER
    }

    static List<BatchText> texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new BatchText("t-" + i, "text " + i, 3))
                .toList();
    }

    /** Arguments: endpoint, provider, folder, moment, seed, texts, most texts of a batch. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[2]);
        Moment moment = Moment.valueOf(arguments[3]);
        int texts = Integer.parseInt(arguments[5]);
        Sleeper sleeper = time -> reached(moment, Moment.POLLING);
        BatchApi api = new Stopping(
                BatchApis.of(URI.create(arguments[0]), Provider.valueOf(arguments[1]), time -> {}), moment);
        BatchSettings settings = new BatchSettings(
                folder,
                new BatchLimits(Integer.parseInt(arguments[6]), Long.MAX_VALUE),
                2,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                3);
        try (FileJournal journal = FileJournal.open(folder.resolve("journal.jsonl"))) {
            new BatchRun(
                            api,
                            stopping(journal, moment),
                            settings,
                            new TestBudget(Long.MAX_VALUE),
                            batches -> {},
                            sleeper,
                            new SplittableRandom(Long.parseLong(arguments[4])))
                    .run(texts(texts).iterator(), new FileSink(folder.resolve("outcomes"), moment));
        }
    }

    private static void reached(Moment moment, Moment here) {
        if (moment == here) {
            System.out.println(HERE);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static BatchJournal stopping(BatchJournal journal, Moment moment) {
        return new BatchJournal() {
            @Override
            public void append(JournalEntry entry) {
                journal.append(entry);
                if (entry.step() == Step.UPLOADED) {
                    reached(moment, Moment.UPLOADED);
                } else if (entry.step() == Step.SUBMITTED) {
                    reached(moment, Moment.SUBMITTED);
                }
            }

            @Override
            public List<JournalEntry> entries() {
                return journal.entries();
            }
        };
    }

    /** An API that stops between what it does and what the journal says of it. */
    private record Stopping(BatchApi api, Moment moment) implements BatchApi {
        @Override
        public BatchLimits limits() {
            return api.limits();
        }

        @Override
        public byte[] line(BatchText text) {
            return api.line(text);
        }

        @Override
        public String upload(Path file, String marker) {
            String uploaded = api.upload(file, marker);
            reached(moment, Moment.UPLOADED_BEFORE_JOURNAL);
            return uploaded;
        }

        @Override
        public String submit(String file, String marker) {
            String batch = api.submit(file, marker);
            reached(moment, Moment.SUBMITTED_BEFORE_JOURNAL);
            return batch;
        }

        @Override
        public Optional<String> find(String marker) {
            return api.find(marker);
        }

        @Override
        public BatchStatus look(String batch) {
            return api.look(batch);
        }

        @Override
        public List<Path> download(BatchStatus over, Path folder) {
            return api.download(over, folder);
        }

        @Override
        public String id(String line) {
            return api.id(line);
        }

        @Override
        public BatchAnswer answer(String line) {
            return api.answer(line);
        }
    }

    /** Keeps the ids of embedded texts in a file. Confined to one thread. */
    private static final class FileSink implements BatchSink {
        private final Path file;
        private final Moment moment;
        private final List<String> taken = new ArrayList<>();

        FileSink(Path file, Moment moment) {
            this.file = file;
            this.moment = moment;
        }

        @Override
        public void take(String id, Outcome outcome) {
            taken.add(id + (outcome instanceof Outcome.Embedded ? "" : " refused"));
        }

        @Override
        public void commit(String name) {
            try {
                Files.write(file, taken, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            taken.clear();
            reached(moment, Moment.KEPT_BEFORE_JOURNAL);
        }
    }
}
