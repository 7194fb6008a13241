package io.embedlake.local;

import io.embedlake.spi.PlatformOption;
import java.util.List;

/** The options of local transformer models that no other platform has. Stateless. */
final class HuggingFaceOptions {
    private static final PlatformOption MODEL_TOKEN = PlatformOption.secret(
            "model-token",
            "HF_TOKEN, else the token that Python's hub client has saved",
            "The token that the model hub is asked with, for gated and private models: named, never written.",
            "env:TEAM_HF_TOKEN");

    private static final PlatformOption PROMPT = PlatformOption.text(
            "prompt",
            "a text",
            "the model's default prompt, if it has one",
            "What is put in front of every text, instead of a prompt of the model's.",
            "\"passage: \"");

    private static final PlatformOption QUERY_PROMPT_NAME = PlatformOption.text(
            "query-prompt-name",
            "a name",
            "the prompt of the texts",
            "Which of the model's own prompts a search puts in front of its queries.",
            "query");

    private static final PlatformOption QUERY_PROMPT = PlatformOption.text(
            "query-prompt",
            "a text",
            "the prompt of the texts",
            "What a search puts in front of its queries; changes no vector of the column.",
            "\"query: \"");

    private static final PlatformOption LAYERS = PlatformOption.text(
            "layers",
            "layers",
            "last",
            "The hidden layers that are pooled: last, second-to-last, mean-last-four, sum-last-four, concat-last-four,"
                    + " one such as -2, or several as in mean(-1,-2).",
            "second-to-last");

    private static final PlatformOption PRECISION = PlatformOption.choice(
            "precision",
            List.of("auto", "fp32", "bf16", "fp16"),
            "auto",
            "The numbers that the model computes with; auto takes the shortest that all executors compute faster than fp32 and that keeps vectors within a cosine of"
                    + " 0.999 of fp32, and what the column or the store already has.",
            "auto");

    private static final PlatformOption LONG_TEXT_OVERLAP = PlatformOption.whole(
            "long-text-overlap",
            0,
            4096,
            "32, or a quarter of max-tokens",
            "How many tokens neighbouring chunks share when long-text is split-mean or split-rows.",
            "32");

    static final List<PlatformOption> ALL =
            List.of(MODEL_TOKEN, PROMPT, QUERY_PROMPT_NAME, QUERY_PROMPT, LAYERS, PRECISION, LONG_TEXT_OVERLAP);

    private HuggingFaceOptions() {}
}
