package io.embedlake.cli;

import io.embedlake.Models.CachedModel;
import io.embedlake.Models.ModelInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The facts about a model, by name. Immutable.
 *
 * @param facts scalars, or lists of files
 */
record ModelFacts(Map<String, Object> facts) {
    /** A model in the cache. */
    static ModelFacts ofCached(CachedModel model) {
        return of(model, model.isCached() ? "cached" : "not cached");
    }

    /** A model that is no longer in the cache. */
    static ModelFacts ofRemoved(CachedModel model) {
        return of(model, model.isCached() ? "removed" : "was not cached");
    }

    private static ModelFacts of(CachedModel model, String state) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model.model());
        facts.put("state", state);
        facts.put(
                "files",
                model.files().stream()
                        .map(file -> file(file.path(), file.bytes()))
                        .toList());
        return new ModelFacts(facts);
    }

    /** A model as a job without further keys would use it. */
    static ModelFacts of(ModelInfo model) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model.model());
        facts.put(
                "files",
                model.hashes().entrySet().stream()
                        .map(file -> file(file.getKey(), file.getValue()))
                        .toList());
        facts.put("pooling", model.pooling());
        facts.put("normalize", model.normalize());
        facts.put("max_tokens", model.maxTokens());
        facts.put("precision", model.precision());
        facts.put("dimension", model.dimension());
        facts.put("notes", model.notes());
        facts.put("fingerprint", model.fingerprint());
        facts.put("fingerprint_of", model.fingerprintOf());
        return new ModelFacts(facts);
    }

    /** A model that was loaded and gave a vector. */
    static ModelFacts ofVerified(String model, int dimension) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model);
        facts.put("dimension", dimension);
        facts.put("state", "verified");
        return new ModelFacts(facts);
    }

    /** For people: a fact a line. */
    String text() {
        StringBuilder text = new StringBuilder();
        facts.forEach((name, value) -> {
            for (Object line : value instanceof List<?> files ? files : List.of(value)) {
                text.append("%-14s  %s%n".formatted(name, line instanceof Map<?, ?> file ? readable(file) : line));
            }
        });
        return text.toString();
    }

    /** For programs: one object on a line. */
    String json() {
        return JsonText.of(facts) + "\n";
    }

    private static Map<String, Object> file(Path path, long bytes) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", path.toString());
        facts.put("bytes", bytes);
        return facts;
    }

    private static Map<String, Object> file(Path path, String hash) {
        Map<String, Object> facts = file(path, path.toFile().length());
        facts.put("sha256", hash);
        return facts;
    }

    private static String readable(Map<?, ?> file) {
        String size = PlanText.number((Long) file.get("bytes")) + " bytes";
        return file.get("path") + ", " + size + (file.containsKey("sha256") ? ", sha256 " + file.get("sha256") : "");
    }
}
