package io.embedlake.remote.platform;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.PlatformOption;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a description alone makes of an API, with one that uses most of what can be described. */
class WireTest {
    private static final PlatformOption TEAM =
            PlatformOption.text("team", "letters", "[a-z]+", "no team", "The team that pays.", "search");

    private static final ProviderPlatform HOUSE = new House();

    private static final class House extends ProviderPlatform {
        House() {
            super(Api.named("house")
                    .at("https://house.example")
                    .keyIn("HOUSE_KEY")
                    .calls(Wire.post(
                                    "/v1/{model}/embed",
                                    """
                                    {"name": "{model}", "team": "{team}", "docs": [{"type": "{input-type}", "text": "{text}"}],
                                     "settings": {"length": "{dimensions}", "unit": "{normalize}", "cut": "{long-text}"}, "v": 2}""",
                                    NumberedVectors.class)
                            .with(
                                    Parameter.of(TEAM),
                                    Parameter.inputType(Map.of(InputType.DOCUMENT, "doc", InputType.QUERY, "ask"))
                                            .usually("document")
                                            .inFingerprint("type"),
                                    Parameter.dimensions(64, 128, 256)
                                            .unless(model -> model.startsWith("old"), "%s has one length"),
                                    Parameter.flag("normalize"),
                                    Parameter.longText("END", "NONE").except("END"))
                            .budgets(options -> new Budgets(8, options.model().length(), 100, 1000))));
        }
    }

    private static ModelFormat format(String model, String... options) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < options.length; i += 2) {
            values.put(options[i], options[i + 1]);
        }
        return HOUSE.calls(new ApiOptions(model, values));
    }

    private static String body(ModelFormat format) {
        return new String(format.call(List.of("a", "b")).body(), StandardCharsets.UTF_8);
    }

    @Test
    void fieldsWithoutAValueAreLeftOutAndTheOthersKeepTheOrderOfTheTemplate() {
        assertEquals(
                "{\"name\":\"m\",\"docs\":[{\"type\":\"doc\",\"text\":\"a\"},{\"type\":\"doc\",\"text\":\"b\"}],"
                        + "\"settings\":{},\"v\":2}",
                body(format("m")));
        assertEquals(
                "{\"name\":\"m\",\"team\":\"search\",\"docs\":[{\"type\":\"ask\",\"text\":\"a\"},"
                        + "{\"type\":\"ask\",\"text\":\"b\"}],\"settings\":{\"length\":64,\"unit\":false,\"cut\":\"NONE\"},\"v\":2}",
                body(format(
                        "m",
                        "team",
                        "search",
                        "input-type",
                        "query",
                        "dimensions",
                        "64",
                        "normalize",
                        "false",
                        "long-text",
                        "error")));
    }

    @Test
    void theFingerprintHasWhatChangesVectorsByItsNames() {
        assertEquals(
                Map.of("api", "house", "model", "m", "type", "doc"), format("m").vectorOptions());
        assertEquals(
                Map.of("api", "house", "model", "m", "type", "doc", "dimensions", "64", "normalize", "on"),
                format("m", "team", "search", "dimensions", "64", "normalize", "true", "long-text", "truncate")
                        .vectorOptions());
    }

    @Test
    void thePathHasTheModelEncodedAndBudgetsFollowTheOptions() {
        ModelFormat format = format("a/b");

        assertEquals("/v1/a%2Fb/embed", format.call(List.of("a")).path());
        assertEquals(new Budgets(8, 3, 100, 1000), format.budgets());
    }

    @Test
    void anOptionIsRefusedByItsKeyWithTheRule() {
        assertMisconfigured(() -> format("m", "dimensions", "65"), "dimensions: 65 (64, 128 or 256)");
        assertMisconfigured(() -> format("old-1", "dimensions", "64"), "dimensions: 64 (old-1 has one length)");
        assertMisconfigured(() -> format("m", "team", "A"), "team: A (letters)");
        assertMisconfigured(
                () -> format("m", "input-type", "similarity"), "input-type: similarity", "[document, query]");
        assertMisconfigured(() -> format("m", "long-text", "split"), "long-text: split (truncate or error)");
    }

    @Test
    void itsKeysAreThoseOfItsParameters() {
        assertEquals(List.of("model", "api-key", "endpoint", "dimensions", "normalize", "long-text"), HOUSE.options());
        assertEquals(List.of(TEAM, InputType.OPTION, InputType.QUERY_OPTION), HOUSE.declares());
    }

    @Test
    void aJobOfItNamesItsKeyAndItsAddress() {
        EmbedderSpec spec = HOUSE.describe(new EmbedderRequest(Optional.of("m"), Map.of()));

        assertEquals("env:HOUSE_KEY", spec.setting("api-key"));
        assertEquals(List.of("Texts are sent to house.example."), spec.notes());
        assertEquals(
                URI.create("https://house.example"),
                HOUSE.endpoint(new ApiOptions("m", Map.of())).base());
        assertEquals(
                "query",
                HOUSE.forQueries(new EmbedderRequest(Optional.of("m"), Map.of()), spec)
                        .setting("input-type"));
    }

    @Test
    void aDescriptionWithoutBudgetsIsIncomplete() {
        Wire wire = Wire.post("/", "{\"input\": \"{texts}\"}", NumberedVectors.class);

        assertThrows(IllegalStateException.class, () -> wire.format("any", new ApiOptions("m", Map.of())));
    }
}
