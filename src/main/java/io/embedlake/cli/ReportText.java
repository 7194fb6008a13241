package io.embedlake.cli;

import io.embedlake.RunReport;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spark.store.RunCost;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints how a run ended. Stateless. */
final class ReportText {
    /** The kinds of errors that may not be the text's fault. */
    private static final Set<ErrorKind> GIVEN_UP = Set.of(ErrorKind.PROTOCOL, ErrorKind.TRANSIENT);

    private ReportText() {}

    /**
     * For people.
     *
     * @param job the job file, for the next command
     */
    static String of(RunReport report, String job) {
        StringBuilder text = new StringBuilder(first(report)).append('\n');
        if (!report.look().isEmpty()) {
            text.append("  looked at ").append(report.look()).append('\n');
        }
        for (ColumnRecord column : report.columns()) {
            text.append("  ").append(of(column)).append('\n');
        }
        return text.append(givenUp(report.rejectedByKind(), job)).toString();
    }

    /** The first sentence, which stands alone in logs. */
    static String first(RunReport report) {
        return "Done in " + Progress.readable(report.duration()) + ": " + PlanText.number(report.rows()) + " rows, "
                + PlanText.number(report.rowsPublished()) + " of them changed in the target (run " + report.run()
                + ")";
    }

    private static String givenUp(Map<ErrorKind, Long> rejected, String job) {
        Map<ErrorKind, Long> kinds = new LinkedHashMap<>(rejected);
        kinds.keySet().retainAll(GIVEN_UP);
        if (kinds.isEmpty()) {
            return "";
        }
        long texts = kinds.values().stream().mapToLong(Long::longValue).sum();
        return "  " + PlanText.number(texts) + (texts == 1 ? " text was" : " texts were")
                + " given up after broken answers or temporary failures; replay retries them: jobs/embedlake replay "
                + job
                + kinds.keySet().stream().map(kind -> " --kind " + kind).collect(Collectors.joining())
                + "\n";
    }

    /** Nothing where this run rejected none. */
    private static String of(Map<ErrorKind, Long> rejected) {
        return rejected.isEmpty()
                ? ""
                : rejected.entrySet().stream()
                        .map(kind -> PlanText.number(kind.getValue()) + " " + kind.getKey())
                        .collect(Collectors.joining(", ", " (by this run: ", ")"));
    }

    private static String of(ColumnRecord column) {
        double seconds = column.embedTime().toMillis() / 1000.0;
        StringBuilder text = new StringBuilder(column.column() + ": "
                + PlanText.number(column.embedded()) + " " + column.inputs() + "s embedded, "
                + PlanText.number(column.alreadyEmbedded()) + " already embedded, "
                + PlanText.number(column.rejected()) + " rejected" + of(column.rejectedByKind()) + ", "
                + PlanText.number(column.blank()) + " rows null or blank");
        if (column.vectors() != column.embedded()) {
            text.append(", ").append(PlanText.number(column.vectors())).append(" vectors");
        }
        if (column.split() > 0) {
            text.append(", ").append(PlanText.number(column.split())).append(" long texts in chunks");
        }
        if (column.truncated() > 0) {
            text.append(", ").append(PlanText.number(column.truncated())).append(" texts truncated");
        }
        if (column.embedded() > 0 && seconds > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    column.inputs() == InputKind.IMAGE
                            ? "; %,d patches, %,.1f images/s, %,.0f patches/s"
                            : "; %,d tokens, %,.0f texts/s, %,.0f tokens/s",
                    column.tokens(),
                    column.embedded() / seconds,
                    column.tokens() / seconds));
        }
        if (column.unknown() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    ", %.1f %% of the tokens unknown to the model",
                    100.0 * column.unknown() / column.tokens()));
        }
        text.append(caps(column.callCaps()));
        if (column.cost().isCharged()) {
            text.append(of(column.cost()));
        }
        text.append("; ").append(column.model()).append(", ").append(of(column.reduction()));
        return text.toString();
    }

    /** What later runs may be spared: executors find these numbers again, by calls that are refused. */
    private static String caps(Map<String, Long> most) {
        if (most.isEmpty()) {
            return "";
        }
        String key = most.containsKey("texts")
                ? " (with the platform http set texts-per-call to " + most.get("texts") + ")"
                : "";
        return most.entrySet().stream()
                .map(cap -> PlanText.number(cap.getValue()) + " "
                        + (cap.getKey().equals("text_tokens") ? "tokens of a text" : cap.getKey()))
                .collect(Collectors.joining(
                        ", ", "; calls were cut to ", " because the server refused larger ones" + key));
    }

    private static String of(RunCost cost) {
        return String.format(
                Locale.ROOT,
                "; about %.4f USD spent, %.4f USD saved (%,d tokens of repeated or embedded texts not sent)",
                cost.usd().orElse(0),
                cost.savedUsd().orElse(0),
                cost.savedTokens());
    }

    private static String of(ReductionRecord reduction) {
        StringBuilder text = new StringBuilder(reduction.name());
        if (reduction.varianceKept() < 1) {
            text.append(String.format(Locale.ROOT, " keeps %.0f %% of the variance", 100 * reduction.varianceKept()));
        }
        reduction
                .quality()
                .ifPresent(quality -> text.append(String.format(
                        Locale.ROOT,
                        ", recall@10 %.2f in %d bytes per row (among %,d; rank correlation %.2f)",
                        quality.recallAt10(),
                        quality.bytes(),
                        quality.rows(),
                        quality.rankCorrelation())));
        reduction
                .drift()
                .ifPresent(drift -> text.append(String.format(
                        Locale.ROOT,
                        "; the error of new texts is %.2f times that of the fit%s",
                        drift,
                        reduction.isOutdated() ? ": fit anew with embed --refit" : "")));
        return text.toString();
    }

    /** Why the exit code is 3. */
    static String tooManyRejected(RunReport report, String rejectedTable) {
        return String.format(
                Locale.ROOT,
                "Too many texts were rejected: %.2f %% (errors.max-rate allows %.2f %%). The reasons are in %s.",
                100 * report.errorRate(),
                100 * report.maxErrorRate(),
                rejectedTable);
    }

    /** For programs: one object on a line. */
    static String json(RunReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run", report.run());
        json.put("job", report.job());
        json.put("started_at", report.startedAt().toString());
        json.put("seconds", report.duration().toMillis() / 1000.0);
        json.put("rows", report.rows());
        json.put("look", report.look());
        json.put("rows_published", report.rowsPublished());
        json.put("error_rate", report.errorRate());
        json.put("columns", report.columns().stream().map(ReportText::map).toList());
        return JsonText.of(json) + "\n";
    }

    private static Map<String, Object> map(ColumnRecord column) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("column", column.column());
        json.put("model", column.model());
        json.put("fingerprint", column.fingerprint());
        json.put("inputs", column.inputs().toString());
        putReduction(json, column.reduction());
        json.put("blank", column.blank());
        json.put("distinct_texts", column.distinct());
        json.put("already_embedded", column.alreadyEmbedded());
        json.put("embedded", column.embedded());
        json.put("rejected", column.rejected());
        json.put("rejected_by_kind", column.rejectedByKind());
        json.put("vectors", column.vectors());
        json.put("truncated", column.truncated());
        json.put("split", column.split());
        json.put("tokens", column.tokens());
        json.put("unknown", column.unknown());
        json.put("call_caps", column.callCaps());
        json.put("embed_seconds", column.embedTime().toMillis() / 1000.0);
        column.cost().usd().ifPresent(usd -> json.put("usd", usd));
        json.put("saved_tokens", column.cost().savedTokens());
        column.cost().savedUsd().ifPresent(usd -> json.put("saved_usd", usd));
        return json;
    }

    private static void putReduction(Map<String, Object> json, ReductionRecord reduction) {
        json.put("reducer", reduction.name());
        json.put("variance_kept", reduction.varianceKept());
        reduction.quality().ifPresent(quality -> {
            json.put("recall_at_1", quality.recallAt1());
            json.put("recall_at_10", quality.recallAt10());
            json.put("recall_at_100", quality.recallAt100());
            json.put("reach_at_100", quality.reachAt100());
            json.put("rank_correlation", quality.rankCorrelation());
            json.put("vector_bytes", quality.bytes());
            json.put("sample_rows", quality.rows());
        });
        reduction.drift().ifPresent(drift -> {
            json.put("drift", drift);
            json.put("refit_proposed", reduction.isOutdated());
        });
    }
}
