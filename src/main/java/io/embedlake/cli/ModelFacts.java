package io.embedlake.cli;

import io.embedlake.checkpoint.ModelCache;
import io.embedlake.checkpoint.ModelCache.CachedFile;
import io.embedlake.checkpoint.ModelFiles;
import io.embedlake.checkpoint.ModelLocator;
import io.embedlake.embed.Device;
import io.embedlake.embed.Embedder;
import io.embedlake.embed.EmbedderRequest;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.Platform;
import io.embedlake.embed.Platforms;
import io.embedlake.pipeline.Probe;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What there is to say about a model, by name. Immutable.
 *
 * @param facts scalars, or lists of files
 */
record ModelFacts(Map<String, Object> facts) {
    private static final String PLATFORM = "huggingface";
    private static final List<String> PROBE = List.of("A text to try the model with.");

    /** A model in the cache. */
    static ModelFacts ofCached(String model, ModelCache cache) {
        List<CachedFile> files = cache.files(model);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model);
        facts.put("state", files.isEmpty() ? "not cached" : "cached");
        facts.put("files", files.stream().map(ModelFacts::file).toList());
        return new ModelFacts(facts);
    }

    /** A model as a job without further keys would use it. */
    static ModelFacts ofLoaded(String model, ModelLocator locator) {
        ModelFiles files = locator.locate(model);
        EmbedderSpec spec = describe(model);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", files.label());
        facts.put(
                "files",
                files.hashes().entrySet().stream()
                        .map(file -> file(file.getKey(), file.getValue()))
                        .toList());
        facts.put("pooling", spec.setting("pooling"));
        facts.put("normalize", Boolean.valueOf(spec.setting("normalize")));
        facts.put("max_tokens", Integer.valueOf(spec.setting("max-tokens")));
        facts.put("precision", spec.setting("precision"));
        facts.put("dimension", dimension(spec));
        facts.put("notes", spec.notes());
        facts.put("fingerprint", spec.fingerprint().hash());
        facts.put("fingerprint_of", spec.fingerprint().canonical());
        return new ModelFacts(facts);
    }

    /** A model that was loaded and gave a vector. */
    static ModelFacts ofVerified(String model) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model);
        facts.put("dimension", dimension(describe(model)));
        facts.put("state", "verified");
        return new ModelFacts(facts);
    }

    /** A model that is no longer in the cache. */
    static ModelFacts ofRemoved(String model, List<CachedFile> removed) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model);
        facts.put("state", removed.isEmpty() ? "was not cached" : "removed");
        facts.put("files", removed.stream().map(ModelFacts::file).toList());
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

    private static EmbedderSpec describe(String model) {
        return platform().settle(platform().describe(new EmbedderRequest(Optional.of(model), Map.of())), Device.CPU);
    }

    /** Loads the model and embeds a text. */
    private static int dimension(EmbedderSpec spec) {
        try (Embedder embedder = platform().load(spec, Device.CPU)) {
            return Probe.embed(embedder, PROBE).get(0).length;
        }
    }

    private static Platform platform() {
        return Platforms.named(PLATFORM);
    }

    private static Map<String, Object> file(CachedFile file) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", file.path().toString());
        facts.put("bytes", file.bytes());
        return facts;
    }

    private static Map<String, Object> file(Path path, String hash) {
        Map<String, Object> facts = file(new CachedFile(path, path.toFile().length()));
        facts.put("sha256", hash);
        return facts;
    }

    private static String readable(Map<?, ?> file) {
        String size = PlanText.number((Long) file.get("bytes")) + " bytes";
        return file.get("path") + ", " + size + (file.containsKey("sha256") ? ", sha256 " + file.get("sha256") : "");
    }
}
