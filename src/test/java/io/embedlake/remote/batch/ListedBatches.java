package io.embedlake.remote.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.settings.Provider;
import io.embedlake.remote.batch.api.BatchApis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Counts the batches that a fake has: one that nobody looks at is not billed, so bills do not show it. Stateless. */
final class ListedBatches {
    private ListedBatches() {}

    /** How many a provider's list shows. */
    static int of(FakeProvider fake, Provider provider) throws Exception {
        String path =
                switch (provider) {
                    case MISTRAL -> "/v1/batch/jobs";
                    case GEMINI -> "/v1beta/batches";
                    case COHERE -> "/v1/embed-jobs";
                    default -> "/v1/batches";
                };
        HttpResponse<byte[]> list = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(fake.origin() + path))
                                .header("Authorization", "Bearer " + BatchApis.KEY)
                                .header("x-goog-api-key", BatchApis.KEY)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        JsonNode json = new ObjectMapper().readTree(list.body());
        return json.path("data").size()
                + json.path("operations").size()
                + json.path("embed_jobs").size();
    }
}
