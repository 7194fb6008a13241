package io.embedlake.local.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges what the cache holds of a model, without network access. Immutable. */
final class CachedFiles {
    private final HubModel model;
    private final RepositoryFolder folder;
    private final String commit;
    private final List<String> names;

    CachedFiles(HubModel model, RepositoryFolder folder, String commit) throws IOException {
        this.model = model;
        this.folder = folder;
        this.commit = commit;
        this.names = folder.names(commit);
    }

    Snapshot snapshot() {
        return new Snapshot(model, commit, folder.snapshot(commit));
    }

    /** Whether the weights are there, all of them: they are downloaded last. */
    boolean hasWeights() {
        Optional<String> weights = NeededFiles.weights(names);
        if (weights.isEmpty() || !NeededFiles.isIndex(weights.get())) {
            return weights.isPresent();
        }
        Set<String> shards = HubJson.shards(model, file(weights.get()));
        return names.containsAll(NeededFiles.shards(weights.get(), shards));
    }

    /**
     * Whether nothing can be missing. Other programs download parts of a model, some of which have weights but no tokenizer, for example; a
     * model that has none on the hub either never counts as complete, at the cost of a request.
     */
    boolean areComplete() {
        boolean hasModules = !names.contains("modules.json")
                || HubJson.configuredModules(model, file("modules.json")).stream()
                        .allMatch(module -> names.contains(module + "/config.json"));
        boolean hasSettings = names.contains("config.json")
                || names.stream().anyMatch(name -> name.matches("0+_[^/]+/config\\.json"));
        return hasWeights() && hasSettings && hasModules && NeededFiles.hasTokenizerOrProcessor(names);
    }

    private Path file(String name) {
        return folder.snapshot(commit).resolve(name);
    }
}
