package io.embedlake.config;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts, numbers and flags as indented JSON. Stateless. */
final class Json {
    private static final String STEP = "  ";

    private Json() {}

    static String write(Object value) {
        StringBuilder json = new StringBuilder();
        write(value, "\n", json);
        return json.append('\n').toString();
    }

    private static void write(Object value, String newLine, StringBuilder json) {
        if (value instanceof Map<?, ?> map) {
            json.append('{');
            for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); ) {
                Map.Entry<?, ?> entry = entries.next();
                json.append(newLine).append(STEP);
                text(entry.getKey().toString(), json);
                json.append(": ");
                write(entry.getValue(), newLine + STEP, json);
                json.append(entries.hasNext() ? "," : newLine);
            }
            json.append('}');
        } else if (value instanceof List<?> list) {
            json.append('[');
            for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
                json.append(newLine).append(STEP);
                write(items.next(), newLine + STEP, json);
                json.append(items.hasNext() ? "," : newLine);
            }
            json.append(']');
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            text(value.toString(), json);
        }
    }

    private static void text(String text, StringBuilder json) {
        json.append('"');
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
