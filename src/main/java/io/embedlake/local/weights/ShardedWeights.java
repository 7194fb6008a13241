package io.embedlake.local.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Weights that are spread over several files, with an index of which tensor lies in which ({@code weight_map}). */
record ShardedWeights(Map<String, Weights> shards) implements Weights {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Opens all files that an index names; a name that leads out of the index's folder is refused. */
    static ShardedWeights open(Path index, Function<Path, Weights> open) {
        WeightsFile file = WeightsFile.of(index);
        Map<String, Weights> opened = new HashMap<>();
        Map<String, Weights> shards = new TreeMap<>();
        map(file).properties().forEach(entry -> {
            String tensor = entry.getKey();
            Weights shard =
                    opened.computeIfAbsent(entry.getValue().asText(), name -> open.apply(shard(file, name, tensor)));
            if (!shard.names().contains(tensor)) {
                throw file.refuse("the tensor " + tensor + " is not in "
                        + entry.getValue().asText());
            }
            shards.put(tensor, shard);
        });
        return new ShardedWeights(shards);
    }

    /** The index and all files that it names. */
    static List<Path> files(Path index) {
        WeightsFile file = WeightsFile.of(index);
        Set<Path> files = new LinkedHashSet<>(List.of(index));
        map(file)
                .properties()
                .forEach(entry -> files.add(shard(file, entry.getValue().asText(), entry.getKey())));
        return List.copyOf(files);
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shards.keySet());
    }

    @Override
    public Tensor tensor(String name) {
        Weights shard = shards.get(name);
        if (shard == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return shard.tensor(name);
    }

    private static JsonNode map(WeightsFile index) {
        try {
            JsonNode map = JSON.readTree(Files.readString(index.path())).path("weight_map");
            if (map.isObject() && !map.isEmpty()) {
                return map;
            }
        } catch (IOException e) {
            // Told below.
        }
        throw index.refuse("it has no weight_map");
    }

    private static Path shard(WeightsFile index, String name, String tensor) {
        boolean isPlainName = !name.isEmpty() && !name.equals("..") && !name.contains("/") && !name.contains("\\");
        if (!isPlainName) {
            throw index.refuse("the tensor " + tensor + " is said to lie in " + name
                    + ", and an index names only files of its own folder");
        }
        Path shard = index.path().resolveSibling(name);
        if (!Files.isRegularFile(shard)) {
            throw index.refuse("the tensor " + tensor + " is said to lie in " + name + ", which is not there");
        }
        return shard;
    }
}
