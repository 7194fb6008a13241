package io.embedlake.remote.format.answer;

import static io.embedlake.remote.format.Bodies.assertWrong;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Goldens;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.Reading;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.json.WrongAnswer;
import io.embedlake.remote.platform.Formats;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TeiTest {
    private static final String INFO =
            """
            {"model_id":"BAAI/bge-small-en-v1.5","model_sha":null,"model_dtype":"float16","served_model_name":"bge",
             "model_type":{"embedding":{"pooling":"cls"}},"max_concurrent_requests":512,"max_input_length":512,
             "max_batch_tokens":16384,"max_batch_requests":null,"max_client_batch_size":64,"auto_truncate":true,
             "tokenization_workers":4,"version":"1.9.3","sha":"x","docker_label":"y"}""";
    private static final ModelFormat VECTORS = Formats.of("tei", "bge", "granularity", "token");
    private static final ModelFormat PLACES = Formats.ofPlaces("tei", "bge", "granularity", "token");

    @Test
    void readsWhatAServerSaysOfItself() {
        TeiInfo info = TeiInfo.read(INFO.getBytes(StandardCharsets.UTF_8));

        assertEquals(64, info.maxClientBatchSize());
        assertEquals(512, info.maxInputLength());
        assertEquals("", info.modelSha());
        assertEquals("cls", info.pooling());
        assertTrue(info.serves("BAAI/bge-small-en-v1.5"));
        assertTrue(info.serves("bge"));
        assertFalse(info.serves("BAAI/bge-base-en-v1.5"));
    }

    @Test
    void aPageThatIsNoInfoIsRefused() {
        for (String body : List.of("{}", "[]", "<html>", "{\"model_id\":\"m\"}")) {
            assertThrows(WrongAnswer.class, () -> TeiInfo.read(body.getBytes(StandardCharsets.UTF_8)), body);
        }
    }

    @Test
    void readsTheVectorsOfAllTokensRowAfterRow() {
        assertEquals("/embed_all", VECTORS.call(List.of("a", "b")).path());
        assertEquals(
                "{\"inputs\":[\"a\",\"b\"]}",
                new String(VECTORS.call(List.of("a", "b")).body(), StandardCharsets.UTF_8));

        Reading.Answer answer =
                assertInstanceOf(Reading.Answer.class, VECTORS.read(Goldens.ok("[[[1,2],[3,4],[5,6]],[[7,8]]]"), 2));

        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, answer.vectors().get(0));
        assertArrayEquals(new float[] {7, 8}, answer.vectors().get(1));
    }

    @Test
    void readsThePlacesOfTokensAndThatSpecialOnesHaveNone() {
        assertEquals("/tokenize", PLACES.call(List.of("a")).path());
        String body =
                """
                [[{"id":101,"text":"[CLS]","special":true,"start":null,"stop":null},
                  {"id":1,"text":"red","special":false,"start":0,"stop":3},
                  {"id":102,"text":"[SEP]","special":true,"start":null,"stop":null}]]""";

        Reading.Answer answer = assertInstanceOf(Reading.Answer.class, PLACES.read(Goldens.ok(body), 1));

        assertArrayEquals(new float[] {-1, -1, 0, 3, -1, -1}, answer.vectors().get(0));
    }

    @Test
    void tokensThatDoNotFitAreFaults() {
        assertWrong(VECTORS, "[[[1,2]]]", 2, "tokens of 1 texts for 2");
        assertWrong(VECTORS, "[[[1,2]],[]]", 2, "a text without vectors");
        assertWrong(VECTORS, "[[[1,2],[1]]]", 1, "a vector of 1 values among those of 2");
        assertWrong(VECTORS, "[[[1,null]]]", 1, "value 1 of a vector is null");
        assertWrong(VECTORS, "{\"error\":\"no\"}", 1, "is cut or is not the JSON of this API");
        assertWrong(PLACES, "[[]]", 1, "a text without tokens");
        assertWrong(PLACES, "[[{\"special\":false,\"start\":3,\"stop\":1}]]", 1, "a token from 3 to 1");
        assertWrong(PLACES, "[[{\"special\":false}]]", 1, "a token from -1 to -1");
    }

    @Test
    void anErrorOfTheServerIsTheSameForTokens() {
        byte[] body =
                "{\"error\":\"Model is overloaded\",\"error_type\":\"Overloaded\"}".getBytes(StandardCharsets.UTF_8);
        for (ModelFormat format : List.of(VECTORS, PLACES)) {
            Fault fault = assertInstanceOf(Fault.class, format.read(new Reply(429, Map.of(), body), 2));
            assertEquals(Cause.RATE, fault.cause());
        }
    }
}
