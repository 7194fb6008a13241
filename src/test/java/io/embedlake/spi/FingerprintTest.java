package io.embedlake.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    /** Full of the characters that the canonical form gives a meaning. */
    private static final String ALPHABET = "%;=253BDab\u00e9";

    @Test
    void sortsPropertiesByName() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("pooling", "mean");
        properties.put("max-tokens", "256");
        properties.put("platform", "huggingface");
        assertEquals(
                "max-tokens=256;platform=huggingface;pooling=mean",
                Fingerprint.of(properties).canonical());
    }

    @Test
    void doesNotDependOnTheOrderOfProperties() {
        Map<String, String> reversed = new LinkedHashMap<>();
        reversed.put("b", "2");
        reversed.put("a", "1");
        assertEquals(Fingerprint.of(Map.of("a", "1", "b", "2")), Fingerprint.of(reversed));
    }

    @Test
    void encodesItsOwnPunctuation() {
        assertEquals(
                "a=1;b=x%3By%3Dz%25",
                Fingerprint.of(Map.of("b", "x;y=z%", "a", "1")).canonical());
    }

    @Test
    void hashStaysTheSameInEveryVersion() {
        assertEquals(
                "a06ee669d8a43bfa442aa37a04b19cf5",
                Fingerprint.of(Map.of("b", "x;y=z%", "a", "1")).hash());
    }

    @Test
    void readsAsItsHash() {
        Fingerprint fingerprint = Fingerprint.of(Map.of("a", "1"));
        assertEquals(fingerprint.hash(), fingerprint.toString());
    }

    @Test
    void canonicalFormCanAlwaysBeReadBack() {
        Property.holds(20_000, random -> {
            Map<String, String> properties = properties(random);
            assertEquals(properties, decode(Fingerprint.of(properties).canonical()));
        });
    }

    @Test
    void differentPropertiesHaveDifferentHashesOf32HexadecimalCharacters() {
        Property.holds(5_000, random -> {
            Map<String, String> one = properties(random);
            Map<String, String> other = properties(random);
            String hash = Fingerprint.of(one).hash();
            assertTrue(hash.matches("[0-9a-f]{32}"), hash);
            if (one.equals(other)) {
                assertEquals(hash, Fingerprint.of(other).hash());
            } else {
                assertNotEquals(hash, Fingerprint.of(other).hash());
            }
        });
    }

    @Test
    void refusesToDescribeNothing() {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> Fingerprint.of(Map.of()));
        assertEquals("a fingerprint needs at least one property", failure.getMessage());
    }

    private static Map<String, String> properties(Random random) {
        Map<String, String> properties = new TreeMap<>();
        int size = 1 + random.nextInt(3);
        while (properties.size() < size) {
            properties.put(word(random), word(random));
        }
        return properties;
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return word.toString();
    }

    private static Map<String, String> decode(String canonical) {
        Map<String, String> properties = new TreeMap<>();
        for (String pair : canonical.split(";", -1)) {
            String[] sides = pair.split("=", -1);
            assertEquals(2, sides.length, pair);
            properties.put(decodeWord(sides[0]), decodeWord(sides[1]));
        }
        return properties;
    }

    private static String decodeWord(String word) {
        return word.replace("%3D", "=").replace("%3B", ";").replace("%25", "%");
    }
}
