package io.embedlake.remote.format.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.json.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /embeddings} of OpenAI and of compatible servers. Stateless. */
public final class OpenAiFormat {
    /** OpenAI's own base URL. */
    public static final String ENDPOINT = "https://api.openai.com/v1";

    private static final long MIB = 1 << 20;

    private OpenAiFormat() {}

    /** The kind of server: which options it accepts, and whether it supports base64. */
    public enum Server {
        /** OpenAI. Its 300,000 tokens of a call are counted here with a margin. */
        OPENAI(Encoding.BASE64, new Budgets(2048, 8192, 270_000, 8 * MIB)),
        /** Azure OpenAI through {@code /openai/v1}; the model is the name of a deployment. */
        AZURE(Encoding.BASE64, new Budgets(2048, 8192, 270_000, 8 * MIB)),
        /** Hugging Face's text-embeddings-inference through {@code /v1}. */
        TEI(Encoding.BASE64, new Budgets(32, Integer.MAX_VALUE, Long.MAX_VALUE, 2_000_000)),
        /** Ollama through {@code /v1}. */
        OLLAMA(Encoding.BASE64, new Budgets(256, Integer.MAX_VALUE, Long.MAX_VALUE, 8 * MIB)),
        /** llama.cpp's server. */
        LLAMA_CPP(Encoding.FLOAT, new Budgets(256, Integer.MAX_VALUE, Long.MAX_VALUE, 8 * MIB)),
        /** Any other server, such as a gateway or LM Studio: no assumptions, and lists of a length that most accept. */
        COMPATIBLE(Encoding.FLOAT, new Budgets(64, Integer.MAX_VALUE, Long.MAX_VALUE, MIB));

        private final Encoding encoding;
        private final Budgets budgets;

        Server(Encoding encoding, Budgets budgets) {
            this.encoding = encoding;
            this.budgets = budgets;
        }
    }

    /**
     * The options. Immutable.
     *
     * @param model its name, or that of a deployment
     * @param dimensions the length of vectors; not for text-embedding-ada-002
     * @param encoding the encoding of vectors; by default what the server supports best
     * @param user the end user's id for the provider
     */
    public record Settings(String model, OptionalInt dimensions, Optional<Encoding> encoding, Optional<String> user) {
        public Settings {
            Options.requireName("model", model);
            Options.requirePositive("dimensions", dimensions);
            user.ifPresent(name -> Options.requireName("user", name));
            Options.require(
                    "dimensions",
                    dimensions.orElse(0),
                    dimensions.isEmpty() || !model.contains("ada-002"),
                    "the vectors of " + model + " have one length only");
        }

        /** The model's defaults. */
        public static Settings of(String model) {
            return new Settings(model, OptionalInt.empty(), Optional.empty(), Optional.empty());
        }
    }

    record Request(
            List<String> input,
            Optional<String> model,
            OptionalInt dimensions,
            @JsonProperty("encoding_format") Optional<String> encodingFormat,
            Optional<String> user) {}

    /** The format for a server. */
    public static ModelFormat of(Server server, Settings settings) {
        return of("/embeddings", Optional.of(settings.model()), server, settings);
    }

    /**
     * The format for a deployment of Azure in the API before {@code /openai/v1}: the path names it, and the body no model.
     *
     * @param deployment its name
     * @param version of the API, such as {@code 2024-10-21}
     * @param settings with the name of the model behind the deployment
     */
    public static ModelFormat ofDeployment(String deployment, String version, Settings settings) {
        Options.requireName("deployment", deployment);
        Options.require(
                "api-version",
                version,
                version.matches("\\d{4}-\\d\\d-\\d\\d(-preview)?"),
                "a date such as 2024-10-21");
        String path = "/openai/deployments/" + Options.pathSegment(deployment) + "/embeddings?api-version=" + version;
        return of(path, Optional.empty(), Server.AZURE, settings);
    }

    private static ModelFormat of(String path, Optional<String> model, Server server, Settings settings) {
        return new JsonFormat(
                path,
                Frame.ofList(texts -> new Request(
                        texts,
                        model,
                        settings.dimensions(),
                        settings.encoding().orElse(server.encoding).sent(),
                        settings.user())),
                JsonFormat.reading(NumberedVectors.class),
                ErrorClassifier.with(),
                server.budgets,
                settings.dimensions(),
                Options.of("openai", settings.model())
                        .with("dimensions", settings.dimensions())
                        .map());
    }
}
