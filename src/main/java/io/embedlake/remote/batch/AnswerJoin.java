package io.embedlake.remote.batch;

import io.embedlake.remote.format.json.WrongAnswer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Outcome.Embedded;
import io.embedlake.spi.Outcome.Refused;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Joins answers with the texts of their batch, by id and never by position: an id that is answered twice or not at all gets no vector.
 * Reads the files twice instead of keeping vectors in memory. Confined to one thread.
 */
final class AnswerJoin {
    private final BatchApi api;
    private final Map<String, Asked> asked = new HashMap<>();
    private long unknown;
    private long unreadable;

    AnswerJoin(BatchApi api) {
        this.api = api;
    }

    /** A submitted text. Confined to one thread. */
    private static final class Asked {
        final int tokens;
        int answers;

        Asked(int tokens) {
            this.tokens = tokens;
        }
    }

    /**
     * Hands over an outcome for each text of a batch, once.
     *
     * @param over how the batch ended
     */
    void hand(List<SentText> texts, BatchStatus over, List<Path> files, BatchSink sink) {
        texts.forEach(text -> asked.put(text.id(), new Asked(text.tokens())));
        read(files, line -> count(api.id(line)));
        read(files, line -> {
            Asked text = asked.get(api.id(line));
            if (text != null && text.answers == 1) {
                BatchAnswer answer = api.answer(line);
                sink.take(answer.id(), counted(answer.outcome(), text.tokens));
                asked.remove(answer.id());
            }
        });
        asked.forEach((id, text) -> sink.take(id, text.answers > 1 ? twice(text.answers) : missing(over)));
    }

    /** Some providers do not report the tokens of a text. */
    private static Outcome counted(Outcome outcome, int tokens) {
        return outcome instanceof Embedded embedded && embedded.tokens() == 0
                ? new Embedded(
                        embedded.vector(),
                        embedded.spans(),
                        tokens,
                        embedded.unknown(),
                        embedded.chunks(),
                        embedded.truncated())
                : outcome;
    }

    /** How many answers had ids that are not in the batch. */
    long unknown() {
        return unknown;
    }

    private void count(String id) {
        Asked text = asked.get(id);
        if (text == null) {
            unknown++;
        } else {
            text.answers++;
        }
    }

    private Outcome missing(BatchStatus over) {
        return switch (over.state()) {
            case EXPIRED -> new Refused(ErrorKind.TRANSIENT, "the batch expired before this text's turn");
            case CANCELLED -> new Refused(ErrorKind.TRANSIENT, "the batch was cancelled before this text's turn");
            case FAILED, QUEUE_FULL -> new Refused(ErrorKind.TRANSIENT, "the batch failed: " + over.reason());
            default ->
                new Refused(
                        ErrorKind.PROTOCOL,
                        "the batch has no answer for this text"
                                + (unreadable == 0 ? "" : "; " + unreadable + " of its lines cannot be read"));
        };
    }

    private static Outcome twice(int times) {
        return new Refused(ErrorKind.PROTOCOL, "the batch has " + times + " answers for this text");
    }

    private void read(List<Path> files, Consumer<String> taker) {
        unreadable = 0;
        for (Path file : files) {
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isBlank()) {
                        read(line, taker);
                    }
                }
            } catch (IOException e) {
                throw new EmbedlakeException(
                        ErrorKind.STORAGE,
                        "Cannot read the answers of a batch: " + file + " ("
                                + e.getClass().getSimpleName() + "). Run again: they are fetched once more.",
                        e);
            }
        }
    }

    private void read(String line, Consumer<String> taker) {
        try {
            taker.accept(line);
        } catch (WrongAnswer e) {
            unreadable++;
        }
    }
}
