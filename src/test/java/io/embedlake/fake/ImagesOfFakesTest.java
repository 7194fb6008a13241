package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.image.Pixels;
import io.embedlake.image.PngImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images as the fakes take them, and what they refuse as strictly as their providers. */
class ImagesOfFakesTest {
    private static final String PNG = base64(PngImage.harmless());
    private static final String WIDE = base64(PngImage.of(new Pixels(2049, 1, new byte[3 * 2049])));
    private static final String BMP = base64(written("bmp"));
    private static final String URI = "data:image/png;base64," + PNG;

    private static String base64(byte[] file) {
        return Base64.getEncoder().encodeToString(file);
    }

    private static byte[] written(String format) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            assertTrue(ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_3BYTE_BGR), format, file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return file.toByteArray();
    }

    private static FakeProvider start(Provider provider) {
        return FakeProvider.start(Settings.of(provider).withDimension(16), new HashedVectors(16));
    }

    private static void refuses(FakeProvider fake, String path, int status, String... bodies) {
        long billed = fake.stats().rowsBilled();
        for (String body : bodies) {
            Caller.Answer answer = new Caller(fake).post(path, body);
            assertEquals(status, answer.status(), answer.text());
            assertFalse(answer.text().contains(PNG.substring(0, 20)), answer.text());
        }
        assertEquals(billed, fake.stats().rowsBilled());
    }

    private static String cohere(String model, String type, String field, String... uris) {
        List<String> quoted = List.of(uris).stream()
                .map(uri -> field.equals("inputs")
                        ? "{'content': [{'type': 'image_url', 'image_url': {'url': '" + uri + "'}}]}"
                        : "'" + uri + "'")
                .toList();
        return "{'model': '" + model + "', 'input_type': '" + type + "', 'embedding_types': ['float'], '" + field
                + "': [" + String.join(",", quoted) + "]}";
    }

    @Test
    void cohereTakesOneImageOfTheThirdVersionAndManyOfTheFourth() {
        try (FakeProvider fake = start(Provider.COHERE)) {
            Caller caller = new Caller(fake);
            JsonNode third = caller.post("/v2/embed", cohere("embed-english-v3.0", "image", "images", URI))
                    .json();
            assertEquals(1, third.at("/meta/billed_units/images").asInt());
            JsonNode fourth = caller.post("/v2/embed", cohere("embed-v4.0", "search_document", "inputs", URI, URI))
                    .json();
            assertEquals(2, fourth.at("/embeddings/float").size());
            assertTrue(fourth.at("/meta/billed_units/image_tokens").asInt() > 0);
            JsonNode text = caller.post("/v2/embed", cohere("embed-v4.0", "search_query", "texts", "a red bicycle"))
                    .json();
            assertNotEquals(text.at("/embeddings/float/0"), fourth.at("/embeddings/float/0"), "they are in one space");
            assertEquals(third.at("/embeddings/float/0"), fourth.at("/embeddings/float/0"));
            refuses(
                    fake,
                    "/v2/embed",
                    400,
                    cohere("embed-english-v3.0", "image", "images", URI, URI),
                    cohere("embed-english-v3.0", "search_document", "images", URI),
                    cohere("embed-english-v3.0", "search_document", "inputs", URI),
                    cohere("embed-v4.0", "image", "inputs", URI),
                    cohere(
                            "embed-v4.0",
                            "search_document",
                            "inputs",
                            Collections.nCopies(97, URI).toArray(String[]::new)),
                    cohere("embed-v4.0", "search_document", "inputs", PNG),
                    cohere("embed-v4.0", "search_document", "inputs", "data:image/jpeg;base64," + PNG),
                    cohere("embed-v4.0", "search_document", "inputs", URI.substring(0, URI.length() - 40)),
                    cohere("embed-v4.0", "search_document", "inputs", URI + "*"),
                    cohere("embed-v4.0", "search_document", "inputs", "data:image/bmp;base64," + BMP),
                    cohere("embed-v4.0", "search_document", "inputs"));
        }
    }

    private static String voyage(String content) {
        return "{'model': 'voyage-multimodal-3', 'inputs': [{'content': [" + content + "]}]}";
    }

    @Test
    void voyageTakesDataUris() {
        try (FakeProvider fake = start(Provider.VOYAGE)) {
            String path = "/v1/multimodalembeddings";
            JsonNode answer = new Caller(fake)
                    .post(path, voyage("{'type': 'image_base64', 'image_base64': '" + URI + "'}"))
                    .json();
            assertEquals(64 * 64, answer.at("/usage/image_pixels").asInt());
            assertEquals(8, answer.at("/usage/total_tokens").asInt());
            refuses(
                    fake,
                    path,
                    400,
                    voyage("{'type': 'image_base64', 'image_base64': '" + PNG + "'}"),
                    voyage("{'type': 'image_base64', 'image_base64': 'data:image/bmp;base64," + BMP + "'}"),
                    voyage("{'type': 'picture', 'picture': '" + URI + "'}"),
                    voyage(""),
                    "{'model': 'voyage-3.5', 'inputs': []}",
                    "{'model': 'voyage-multimodal-3', 'inputs': []}",
                    "{'model': 'voyage-multimodal-3', 'input': ['a']}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jina-clip-v1", "jina-clip-v2", "jina-embeddings-v4"})
    void jinaTakesBase64(String model) {
        try (FakeProvider fake = start(Provider.JINA)) {
            String image = "{'model': '%s', 'input': [{'image': '%s'}]}";
            assertEquals(
                    200,
                    new Caller(fake)
                            .post("/v1/embeddings", image.formatted(model, PNG))
                            .status());
            refuses(
                    fake,
                    "/v1/embeddings",
                    422,
                    image.formatted(model, URI),
                    image.formatted(model, BMP),
                    image.formatted("jina-embeddings-v3", PNG));
        }
    }

    @Test
    void vertexTakesOneInstance() {
        try (FakeProvider fake = start(Provider.VERTEX)) {
            String path =
                    "/v1/projects/p/locations/europe-west4/publishers/google/models/multimodalembedding%40001:predict";
            String image = "{'image': {'bytesBase64Encoded': '%s'}}";
            Caller caller = new Caller(fake);
            for (String file : List.of(PNG, BMP)) {
                JsonNode answer = caller.post(path, "{'instances': [" + image.formatted(file) + "]}")
                        .json();
                assertEquals(16, answer.at("/predictions/0/imageEmbedding").size());
            }
            refuses(
                    fake,
                    path,
                    400,
                    "{'instances': [" + image.formatted(PNG) + "," + image.formatted(PNG) + "]}",
                    "{'instances': [" + image.formatted(URI) + "]}",
                    "{'instances': [{}]}",
                    "{'instances': [" + image.formatted(PNG) + "], 'parameters': {'dimension': 100}}");
        }
    }

    @Test
    void titanTakesImagesOfAtMost2048PixelsASide() {
        try (FakeProvider fake = start(Provider.BEDROCK)) {
            String path = "/model/amazon.titan-embed-image-v1/invoke";
            String image = "{'inputImage': '%s'}";
            JsonNode answer = new Caller(fake).post(path, image.formatted(PNG)).json();
            assertEquals(16, answer.path("embedding").size());
            assertEquals(0, answer.path("inputTextTokenCount").asInt());
            refuses(
                    fake,
                    path,
                    400,
                    image.formatted(WIDE),
                    image.formatted(URI),
                    image.formatted(BMP),
                    image.formatted(base64(written("gif"))),
                    "{}",
                    "{'inputImage': '" + PNG + "', 'embeddingConfig': {'outputEmbeddingLength': 512}}");
        }
    }
}
