package io.embedlake.local.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The few JSON files that decide what is downloaded. Stateless. */
final class HubJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HubJson() {}

    /** Reads what should be JSON; nothing at all where it is not. */
    static JsonNode read(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** The files that an index of weights names. */
    static Set<String> shards(HubModel model, Path index) {
        Set<String> names = new TreeSet<>();
        read(bytes(model, index)).path("weight_map").forEach(name -> names.add(name.asText()));
        if (names.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + model + ": " + index
                            + " (an index of weights has a weight_map that names files). Change the key model.");
        }
        return names;
    }

    /** The folders of the modules that keep settings in a file, as {@code modules.json} names them. */
    static Set<String> configuredModules(HubModel model, Path modules) {
        Set<String> folders = new TreeSet<>();
        for (JsonNode module : read(bytes(model, modules))) {
            String type = module.path("type").asText();
            String folder = module.path("path").asText();
            if (!folder.isEmpty() && (type.endsWith(".Pooling") || type.endsWith(".Dense"))) {
                folders.add(folder);
            }
        }
        return folders;
    }

    private static byte[] bytes(HubModel model, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw HubErrors.unreadable(model, file, e);
        }
    }
}
