package io.embedlake.provider.wire.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.provider.wire.Budgets;
import io.embedlake.provider.wire.Cause;
import io.embedlake.provider.wire.Goldens;
import io.embedlake.provider.wire.Reply;
import io.embedlake.provider.wire.huggingface.TeiTokens.TokenReading;
import io.embedlake.provider.wire.json.WrongAnswer;
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
    private static final TeiTokens TOKENS = new TeiTokens(TeiFormat.Settings.of("bge"), TeiFormat.BUDGETS);

    @Test
    void whatAServerSaysOfItselfBecomesItsBudgets() {
        TeiInfo info = TeiInfo.read(INFO.getBytes(StandardCharsets.UTF_8));

        assertEquals(new Budgets(64, 512, Long.MAX_VALUE, 2_000_000), info.budgets());
        assertEquals(new TeiInfo("BAAI/bge-small-en-v1.5", "", "float16", 512, 64, true), info);
    }

    @Test
    void aPageThatIsNoInfoIsRefused() {
        for (String body : List.of("{}", "[]", "<html>", "{\"model_id\":\"m\"}")) {
            assertThrows(WrongAnswer.class, () -> TeiInfo.read(body.getBytes(StandardCharsets.UTF_8)), body);
        }
    }

    @Test
    void readsAVectorForEachToken() {
        assertEquals("/embed_all", TOKENS.call(List.of("a", "b")).path());
        assertEquals(
                "{\"inputs\":[\"a\",\"b\"]}",
                new String(TOKENS.call(List.of("a", "b")).body(), StandardCharsets.UTF_8));

        TokenReading.Answer answer = assertInstanceOf(
                TokenReading.Answer.class, TOKENS.read(Goldens.ok("[[[1,2],[3,4],[5,6]],[[7,8]]]"), 2));

        assertEquals(3, answer.vectors().get(0).length);
        assertArrayEquals(new float[] {7, 8}, answer.vectors().get(1)[0]);
    }

    @Test
    void vectorsOfTokensThatDoNotFitAreFaults() {
        assertFailure("[[[1,2]]]", 2, "vectors of 1 texts for 2");
        assertFailure("[[[1,2]],[]]", 2, "a text without vectors");
        assertFailure("[[[1,2],[1]]]", 1, "a vector of 1 values among those of 2");
        assertFailure("[[[1,null]]]", 1, "value 1 of a vector is null");
        assertFailure("{\"error\":\"no\"}", 1, "is cut or is not the JSON of this API");
    }

    @Test
    void anErrorOfTheServerIsTheSameForTokens() {
        byte[] body =
                "{\"error\":\"Model is overloaded\",\"error_type\":\"Overloaded\"}".getBytes(StandardCharsets.UTF_8);
        TokenReading reading = TOKENS.read(new Reply(429, Map.of(), body), 2);

        assertEquals(
                Cause.RATE,
                assertInstanceOf(TokenReading.Failure.class, reading).fault().cause());
    }

    private static void assertFailure(String body, int texts, String reason) {
        TokenReading.Failure failure =
                assertInstanceOf(TokenReading.Failure.class, TOKENS.read(Goldens.ok(body), texts), body);
        assertEquals(Cause.WRONG_ANSWER, failure.fault().cause());
        assertTrue(failure.fault().reason().contains(reason), failure.fault().reason());
    }
}
