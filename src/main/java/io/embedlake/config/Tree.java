package io.embedlake.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parsed YAML before interpretation; every value has its position in the file. Immutable. */
sealed interface Tree {
    /** Its position: for a value with a key, the key's. */
    Origin origin();

    /** What a person calls it, with its article. */
    String kind();

    /**
     * A single value.
     *
     * @param text the value as text, without quotes
     * @param isNull whether nothing, or YAML's null, was written
     */
    record Scalar(String text, boolean isNull, Origin origin) implements Tree {
        @Override
        public String kind() {
            return isNull ? "empty" : "a single value";
        }
    }

    /** A list. */
    record Sequence(List<Tree> items, Origin origin) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys and their values, in the order of the file. */
    record Mapping(Map<String, Tree> entries, Origin origin) implements Tree {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String kind() {
            return "a group of keys";
        }
    }
}
