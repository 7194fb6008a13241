package io.embedlake.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.testing.Serial;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbedderSpecTest {
    private static final Fingerprint FINGERPRINT = Fingerprint.of(Map.of("a", "1"));

    @Test
    void copiesItsSettings() {
        Map<String, String> settings = new HashMap<>(Map.of("pooling", "mean"));
        EmbedderSpec spec = new EmbedderSpec("huggingface", "a model", FINGERPRINT, settings);
        settings.put("pooling", "cls");
        assertEquals("mean", spec.setting("pooling"));
        assertThrows(UnsupportedOperationException.class, () -> spec.settings().put("pooling", "cls"));
    }

    @Test
    void saysWhichSettingIsMissing() {
        EmbedderSpec spec = new EmbedderSpec("huggingface", "a model", FINGERPRINT, Map.of());
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> spec.setting("pooling"));
        assertEquals("the spec of a model has no setting pooling", failure.getMessage());
    }

    @Test
    void travelsToOtherProcessesUnchanged() {
        EmbedderSpec spec = new EmbedderSpec("huggingface", "a model", FINGERPRINT, Map.of("pooling", "mean"));
        assertEquals(spec, Serial.roundTrip(spec));
        assertEquals(spec.hashCode(), Serial.roundTrip(spec).hashCode());
    }
}
