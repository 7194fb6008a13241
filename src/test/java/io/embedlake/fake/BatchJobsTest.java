package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cohere.api.Cohere;
import com.cohere.api.resources.datasets.requests.DatasetsCreateRequest;
import com.cohere.api.resources.embedjobs.requests.CreateEmbedJobRequest;
import com.cohere.api.types.Dataset;
import com.cohere.api.types.DatasetType;
import com.cohere.api.types.EmbedInputType;
import com.cohere.api.types.EmbedJob;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.genai.Client;
import com.google.genai.types.BatchJob;
import com.google.genai.types.CreateEmbeddingsBatchJobConfig;
import com.google.genai.types.DownloadFileConfig;
import com.google.genai.types.EmbeddingsBatchJobSource;
import com.google.genai.types.File;
import com.google.genai.types.GetBatchJobConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.ListBatchJobsConfig;
import com.google.genai.types.UploadFileConfig;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.models.batches.Batch;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients of the providers judge the fakes of their batch jobs; Avro judges what Cohere's data sets are made of. */
class BatchJobsTest {
    @TempDir
    Path folder;

    private static FakeProvider start(Provider provider) {
        return FakeProvider.start(Settings.of(provider).withDimension(4).withBatchPolls(1), new HashedVectors(4));
    }

    @Test
    void theClientOfGoogleRunsAJobOfAFile() throws Exception {
        Path input = Files.writeString(
                folder.resolve("in.jsonl"),
                "{\"key\":\"k-1\",\"request\":{\"content\":{\"parts\":[{\"text\":\"a\"}]}}}\n"
                        + "{\"key\":\"k-2\",\"request\":{\"content\":{\"parts\":[{\"text\":\"b\"}]}}}\n");
        try (FakeProvider fake = start(Provider.GEMINI);
                Client client = Client.builder()
                        .apiKey("g-test")
                        .httpOptions(HttpOptions.builder()
                                .baseUrl(fake.origin().toString())
                                .build())
                        .build()) {
            File file = client.files.upload(
                    input.toFile(),
                    UploadFileConfig.builder()
                            .mimeType("application/jsonl")
                            .displayName("in")
                            .build());
            BatchJob job = client.batches.createEmbeddings(
                    "gemini-embedding-001",
                    EmbeddingsBatchJobSource.builder()
                            .fileName(file.name().orElseThrow())
                            .build(),
                    CreateEmbeddingsBatchJobConfig.builder()
                            .displayName("marker")
                            .build());
            List<String> listed = StreamSupport.stream(
                            client.batches
                                    .list(ListBatchJobsConfig.builder()
                                            .pageSize(10)
                                            .build())
                                    .spliterator(),
                            false)
                    .map(one -> one.displayName().orElse(""))
                    .toList();
            BatchJob done = client.batches.get(
                    job.name().orElseThrow(), GetBatchJobConfig.builder().build());
            Path output = folder.resolve("out.jsonl");
            client.files.download(
                    done.dest().orElseThrow().fileName().orElseThrow(),
                    output.toString(),
                    DownloadFileConfig.builder().build());

            assertEquals(List.of("marker"), listed);
            assertEquals("JOB_STATE_SUCCEEDED", done.state().orElseThrow().toString());
            TreeSet<String> keys = new TreeSet<>();
            for (String line : Files.readAllLines(output)) {
                JsonNode answer = new ObjectMapper().readTree(line);
                assertEquals(4, answer.at("/response/embedding/values").size());
                keys.add(answer.path("key").asText());
            }
            assertEquals(List.of("k-1", "k-2"), List.copyOf(keys));
        }
    }

    @Test
    void theClientOfCohereRunsAJob() throws Exception {
        Path input = Files.writeString(
                folder.resolve("in.jsonl"),
                "{\"text\":\"a\",\"custom_id\":\"k-1\"}\n{\"text\":\"b\",\"custom_id\":\"k-2\"}\n");
        try (FakeProvider fake = start(Provider.COHERE)) {
            Cohere client = Cohere.builder()
                    .token("co-test")
                    .url(fake.origin().toString())
                    .maxRetries(0)
                    .build();
            String dataset = client.datasets()
                    .create(
                            input.toFile(),
                            Optional.empty(),
                            DatasetsCreateRequest.builder()
                                    .name("in")
                                    .type(DatasetType.EMBED_INPUT)
                                    .keepFields(List.of("custom_id"))
                                    .build())
                    .getId()
                    .orElseThrow();
            assertEquals("processing", status(client, dataset));
            assertEquals("validated", status(client, dataset));
            String id = client.embedJobs()
                    .create(CreateEmbedJobRequest.builder()
                            .model("embed-english-v3.0")
                            .datasetId(dataset)
                            .inputType(EmbedInputType.SEARCH_DOCUMENT)
                            .name("marker")
                            .build())
                    .getJobId();
            assertEquals(
                    "marker",
                    client.embedJobs()
                            .list()
                            .getEmbedJobs()
                            .orElseThrow()
                            .get(0)
                            .getName()
                            .orElseThrow());
            EmbedJob done = client.embedJobs().get(id);
            Dataset answers = client.datasets()
                    .get(done.getOutputDatasetId().orElseThrow())
                    .getDataset();
            String url = answers.getDatasetParts().orElseThrow().get(0).getUrl().orElseThrow();

            TreeSet<String> seen = new TreeSet<>();
            try (InputStream in = URI.create(url).toURL().openStream();
                    DataFileStream<GenericRecord> records = new DataFileStream<>(
                            new ByteArrayInputStream(in.readAllBytes()), new GenericDatumReader<>())) {
                for (GenericRecord record : records) {
                    GenericRecord embeddings = (GenericRecord) record.get("embeddings");
                    assertEquals(4, ((List<?>) embeddings.get("float")).size());
                    seen.add(record.get("custom_id") + "=" + record.get("text"));
                }
            }
            assertEquals(List.of("k-1=a", "k-2=b"), List.copyOf(seen));
        }
    }

    private static String status(Cohere client, String dataset) {
        return client.datasets().get(dataset).getDataset().getValidationStatus().toString();
    }

    @Test
    void theClientOfOpenAiListsBatchesThroughAllPages() {
        try (FakeProvider fake = start(Provider.OPENAI)) {
            Caller caller = new Caller(fake);
            String file = upload(fake);
            List<String> ids = IntStream.range(0, 25)
                    .mapToObj(i -> caller.post(
                                    "/v1/batches",
                                    "{'input_file_id':'" + file
                                            + "','endpoint':'/v1/embeddings','completion_window':'24h',"
                                            + "'metadata':{'n':'" + i + "'}}")
                            .json()
                            .path("id")
                            .asText())
                    .toList();
            OpenAIClient client = OpenAIOkHttpClient.builder()
                    .apiKey("sk-test")
                    .baseUrl(fake.baseUrl().toString())
                    .build();

            List<String> listed = StreamSupport.stream(
                            client.batches().list().autoPager().spliterator(), false)
                    .map(Batch::id)
                    .toList();

            assertEquals(25, listed.size());
            assertEquals(ids.get(24), listed.get(0));
            assertTrue(listed.containsAll(ids));
        }
    }

    private static String upload(FakeProvider fake) {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .apiKey("sk-test")
                .baseUrl(fake.baseUrl().toString())
                .build();
        return client.files()
                .create(FileCreateParams.builder()
                        .purpose(FilePurpose.BATCH)
                        .file(MultipartField.<InputStream>builder()
                                .value(new ByteArrayInputStream(new byte[] {'{', '}'}))
                                .filename("rows.jsonl")
                                .build())
                        .build())
                .id();
    }
}
