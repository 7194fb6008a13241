package io.embedlake.fake.settings;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The providers and servers that can be imitated. */
public enum Provider {
    OPENAI("/v1"),
    /** Azure OpenAI: deployments in the path, and the newer address without them. */
    AZURE("/openai/v1"),
    /** Azure OpenAI as it was in 2023: 16 texts a call. */
    AZURE_2023("/openai/deployments/embed"),
    COHERE(""),
    /** The router of Hugging Face's inference providers. */
    HUGGINGFACE("/hf-inference/models"),
    /** text-embeddings-inference. */
    TEI(""),
    VOYAGE("/v1"),
    GEMINI("/v1beta"),
    /** Google Vertex AI. */
    VERTEX("/v1"),
    MISTRAL("/v1"),
    JINA("/v1"),
    /** Amazon Bedrock: Titan, Cohere and Nova. */
    BEDROCK(""),
    /** Databricks model serving. */
    DATABRICKS("/serving-endpoints"),
    OLLAMA(""),
    VLLM("/v1"),
    /** The server of llama.cpp. */
    LLAMACPP("/v1");

    private final String basePath;

    Provider(String basePath) {
        this.basePath = basePath;
    }

    /** What follows the host in the base URL that the provider's clients are given. */
    public String basePath() {
        return basePath;
    }

    /** How it is written in options: lower case with hyphens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that is written so. */
    public static Optional<Provider> named(String word) {
        return Stream.of(values())
                .filter(provider -> provider.word().equals(word))
                .findFirst();
    }
}
