package io.embedlake.fake;

import io.embedlake.fake.settings.Provider;

/** A good call of each provider, of two texts where it takes two. Stateless. */
final class Examples {
    private Examples() {}

    static String path(Provider provider) {
        return switch (provider) {
            case OPENAI, VOYAGE, MISTRAL, JINA, VLLM, LLAMACPP -> "/v1/embeddings";
            case AZURE -> "/openai/v1/embeddings";
            case AZURE_2023 -> "/openai/deployments/mine/embeddings?api-version=2023-05-15";
            case COHERE -> "/v2/embed";
            case HUGGINGFACE -> "/hf-inference/models/org/model/pipeline/feature-extraction";
            case TEI -> "/embed";
            case GEMINI -> "/v1beta/models/gemini-embedding-001:batchEmbedContents";
            case VERTEX -> "/v1/projects/p/locations/l/publishers/google/models/text-embedding-005:predict";
            case BEDROCK -> "/model/cohere.embed-english-v3/invoke";
            case DATABRICKS -> "/serving-endpoints/mine/invocations";
            case OLLAMA -> "/api/embed";
        };
    }

    static String body(Provider provider) {
        return switch (provider) {
            case COHERE, BEDROCK -> {
                String model = provider == Provider.COHERE ? "'model': 'embed-v4.0', " : "";
                yield "{" + model + "'texts': ['a', 'b'], 'input_type': 'search_document'}";
            }
            case HUGGINGFACE, TEI -> "{'inputs': ['a', 'b']}";
            case GEMINI -> "{'requests': [" + part("a") + "," + part("b") + "]}";
            case VERTEX -> "{'instances': [{'content': 'a'}, {'content': 'b'}]}";

            default -> "{'model': '" + model(provider) + "', 'input': ['a', 'b']}";
        };
    }

    private static String part(String text) {
        return "{'model': 'models/gemini-embedding-001', 'content': {'parts': [{'text': '" + text + "'}]}}";
    }

    private static String model(Provider provider) {
        return switch (provider) {
            case OPENAI -> "text-embedding-3-small";
            case VOYAGE -> "voyage-4";
            case MISTRAL -> "mistral-embed";
            case JINA -> "jina-embeddings-v3";
            default -> "mine";
        };
    }
}
