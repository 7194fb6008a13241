package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.remote.batch.BatchAnswer;
import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.batch.BatchLimits;
import io.embedlake.remote.batch.BatchStatus;
import io.embedlake.remote.batch.BatchStatus.State;
import io.embedlake.remote.batch.BatchText;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.text.Texts;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;

/**
 * Cohere's embed jobs, which read a data set and write another one; for the models of version 3. Ids travel in a field of the data set
 * that is kept. Immutable.
 */
public final class CohereJobs implements BatchApi {
    /** Not documented; a size that others allow. */
    public static final BatchLimits LIMITS = new BatchLimits(50_000, 100_000_000);

    private static final String JOBS = "/v1/embed-jobs";
    private static final String DATASETS = "/v1/datasets";
    private static final String ID = "custom_id";
    private static final Duration FIRST_LOOK = Duration.ofSeconds(2);
    private static final int MOST_LOOKS = 60;

    private final BatchHttp http;
    private final ModelFormat format;
    private final ResultLines lines;

    public CohereJobs(BatchHttp http, ModelFormat format) {
        this.http = http;
        this.format = format;
        this.lines = new ResultLines(format);
    }

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public byte[] line(BatchText text) {
        String json =
                "{\"" + ID + "\":\"" + text.id() + "\",\"text\":" + Json.write(Texts.wellFormed(text.text())) + "}\n";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns when Cohere has looked through the data set: a job of another one is refused. */
    @Override
    public String upload(Path file, String marker) {
        String dataset = JobFiles.required(
                http.send(
                                DATASETS + "?name=" + marker + "&type=embed-input&keep_fields=" + ID,
                                new MultipartBody.Builder()
                                        .setType(MultipartBody.FORM)
                                        .addFormDataPart(
                                                "data",
                                                marker + ".jsonl",
                                                RequestBody.create(file.toFile(), JobFiles.LINES))
                                        .build())
                        .path("id")
                        .asText(),
                "the id of a data set");
        for (int look = 1; look <= MOST_LOOKS; look++) {
            switch (dataset(dataset).path("validation_status").asText()) {
                case "validated" -> {
                    return dataset;
                }
                case "failed", "skipped" ->
                    throw new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot use a data set: " + dataset
                                    + " (Cohere did not find it valid). Look at its errors in Cohere's dashboard.");
                default -> http.rest(FIRST_LOOK.multipliedBy(Math.min(look, 15)));
            }
        }
        throw new EmbedlakeException(
                ErrorKind.TRANSIENT,
                "Cannot use a data set: " + dataset + " (Cohere has not looked through it in time). Run again.");
    }

    @Override
    public String submit(String file, String marker) {
        ObjectNode job = RequestLine.request(format, "text");
        job.remove("texts");
        job.put("dataset_id", file)
                .put("name", marker)
                .putArray("embedding_types")
                .add("float");
        return JobFiles.required(http.postOnce(JOBS, job).path("job_id").asText(), "the id of a job");
    }

    @Override
    public Optional<String> find(String marker) {
        for (JsonNode job : http.get(JOBS).path("embed_jobs")) {
            if (job.path("name").asText().equals(marker)) {
                return Optional.of(job.path("job_id").asText());
            }
        }
        return Optional.empty();
    }

    @Override
    public BatchStatus look(String batch) {
        JsonNode job = http.get(JOBS + "/" + JobFiles.segment(batch));
        String output = job.path("output_dataset_id").asText("");
        State state =
                switch (job.path("status").asText()) {
                    case "complete" -> State.DONE;
                    case "cancelled" -> State.CANCELLED;
                    case "failed" -> State.FAILED;
                    // processing, cancelling.
                    default -> State.RUNNING;
                };
        boolean hasOutput = !output.isEmpty() && !output.equals("null");
        return new BatchStatus(
                state, hasOutput ? List.of(output) : List.of(), state == State.FAILED ? "the job failed" : "");
    }

    @Override
    public List<Path> download(BatchStatus over, Path folder) {
        List<Path> files = new ArrayList<>();
        for (String name : over.results()) {
            for (JsonNode part : dataset(name).path("dataset_parts")) {
                String url = JobFiles.required(part.path("url").asText(""), "the address of a data set's part");
                Path avro = http.downloadFrom(URI.create(url), folder);
                try {
                    files.add(lines(avro, folder));
                } catch (IOException e) {
                    throw new EmbedlakeException(
                            ErrorKind.STORAGE,
                            "Cannot read the answers of a batch: " + avro + " ("
                                    + e.getClass().getSimpleName() + "). Run again: they are fetched once more.",
                            e);
                }
            }
        }
        return files;
    }

    @Override
    public String id(String line) {
        return ResultLines.id(line, ID);
    }

    @Override
    public BatchAnswer answer(String line) {
        JsonNode record = ResultLines.tree(line);
        String id = ResultLines.id(record, ID);
        JsonNode vector = record.has("embeddings") ? record.path("embeddings") : record.path("embedding");
        ObjectNode body = (ObjectNode) Json.tree(new byte[] {'{', '}'});
        body.putObject("embeddings").putArray("float").add(vector.isObject() ? vector.path("float") : vector);
        return new BatchAnswer(id, lines.outcome(200, body));
    }

    private JsonNode dataset(String id) {
        return http.get(DATASETS + "/" + JobFiles.segment(id)).path("dataset");
    }

    /** A record a line, instead of Avro. */
    private static Path lines(Path avro, Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "answers", ".jsonl");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(avro), 1 << 16);
                BufferedWriter out = Files.newBufferedWriter(file)) {
            AvroFile.read(in, record -> {
                try {
                    out.write(record.toString());
                    out.newLine();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (WrongAnswer e) {
            throw new IOException(e.getMessage(), e);
        }
        Files.delete(avro);
        return file;
    }
}
