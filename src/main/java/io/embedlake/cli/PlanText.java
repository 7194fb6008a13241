package io.embedlake.cli;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.run.Progress;
import io.embedlake.spi.InputKind;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Prints a plan. Stateless. */
final class PlanText {
    private PlanText() {}

    /** For people. */
    static String of(WorkPlan plan) {
        TextTable head = new TextTable()
                .row("job", plan.job())
                .row("source", plan.source() + ", " + number(plan.rows()) + " rows")
                .row("looks at", plan.look())
                .row("target", plan.target())
                .row("store", plan.store());
        StringBuilder text = new StringBuilder(head.toString());
        for (WorkPlan.ColumnPlan column : plan.columns()) {
            text.append('\n').append(of(column));
        }
        return text.append('\n').toString();
    }

    /** In one line, without what is known from the job. */
    static String line(WorkPlan plan) {
        return "Planned " + number(plan.rows()) + " rows (" + plan.look() + "): "
                + plan.columns().stream()
                        .map(column -> number(column.counts().toEmbed()) + " " + column.inputs() + "s to embed for "
                                + column.column())
                        .collect(Collectors.joining(", "));
    }

    private static TextTable of(WorkPlan.ColumnPlan column) {
        WorkPlan.Counts counts = column.counts();
        TextTable table = new TextTable()
                .row("column", column.column() + " from " + column.attribute())
                .row("  model", column.model())
                .row("  fingerprint", column.fingerprint());
        column.notes().forEach(note -> table.row("  note", note));
        table.row("  reduction", column.reduction())
                .row(
                        "  rows",
                        number(counts.withText()) + " with " + column.inputs() + ", " + number(counts.blank())
                                + " null or blank")
                .row("  distinct " + column.inputs() + "s", number(counts.distinct()) + sizes(column))
                .row("  already embedded", number(counts.embedded()));
        if (counts.rejected() > 0) {
            table.row("  rejected earlier", number(counts.rejected()));
        }
        table.row(
                "  to embed",
                counted(counts.toEmbed(), column.inputs().toString(), column.inputs() + "s") + " in "
                        + portions(column));
        column.batches()
                .filter(batches -> batches.underWay() > 0)
                .ifPresent(batches -> table.row("  under way", underWay(batches)));
        column.tokens().ifPresent(tokens -> addTokens(table, column, tokens));
        return table;
    }

    /** Images take room and time to read. */
    private static String sizes(WorkPlan.ColumnPlan column) {
        return column.inputs() == InputKind.IMAGE
                ? String.format(
                        Locale.ROOT, ", %,.1f MB to embed", column.counts().toEmbedCharacters() / 1e6)
                : "";
    }

    private static String portions(WorkPlan.ColumnPlan column) {
        return column.batches()
                .map(batches -> counted(batches.of(column.counts().toEmbed()), "batch", "batches")
                        + " of the provider's batch API, " + number(batches.texts()) + " texts each at most")
                .orElseGet(() -> counted(column.waves(), "wave", "waves"));
    }

    private static String underWay(WorkPlan.Batches batches) {
        return number(batches.textsUnderWay()) + " texts in " + counted(batches.underWay(), "batch", "batches")
                + " of earlier runs; the next run fetches them";
    }

    private static String time(WorkPlan.ColumnPlan column, WorkPlan.TokenEstimate tokens) {
        return column.batches()
                .map(batches -> "the provider's: up to " + batches.window().toHours() + " h for a batch, "
                        + batches.atOnce() + " at once")
                .orElseGet(() -> "about " + Progress.readable(tokens.time())
                        + (tokens.measured()
                                ? " (at the speed of the last run)"
                                : " (an assumption: nothing was measured here yet)"));
    }

    private static void addTokens(TextTable table, WorkPlan.ColumnPlan column, WorkPlan.TokenEstimate tokens) {
        WorkPlan.Counts counts = column.counts();
        boolean exact = tokens.sampled() == counts.toEmbed();
        String basis = exact ? "" : " (estimated from " + number(tokens.sampled()) + " " + column.inputs() + "s)";
        boolean isOfImages = column.inputs() == InputKind.IMAGE;
        table.row(isOfImages ? "  patches" : "  tokens", number(tokens.tokens()) + basis);
        if (!isOfImages) {
            table.row("  truncated", number(tokens.truncated()) + " texts are longer than the model reads" + basis);
        }
        if (tokens.split() > 0) {
            table.row("  in chunks", number(tokens.split()) + " texts are longer than the model reads" + basis);
        }
        if (tokens.refused() > 0) {
            table.row(
                    "  to be rejected",
                    number(tokens.refused()) + " " + column.inputs() + "s that the model cannot take" + basis);
        }
        table.row("  time", time(column, tokens)).row("  cost", cost(column.charge(), tokens.tokens()));
    }

    private static String cost(WorkPlan.Charge charge, long tokens) {
        if (charge.usdPerMillionTokens().isEmpty()) {
            return "unknown: " + charge.source();
        }
        double usd = charge.usdPerMillionTokens().getAsDouble();
        return usd == 0
                ? "none: " + charge.source()
                : String.format(
                        Locale.ROOT,
                        "about %.4f USD (%s USD per million tokens: %s)",
                        charge.of(tokens).orElseThrow(),
                        usd,
                        charge.source());
    }

    /** For programs: one object on a line. */
    static String json(WorkPlan plan) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", plan.job());
        json.put("source", plan.source());
        json.put("target", plan.target());
        json.put("store", plan.store());
        json.put("rows", plan.rows());
        json.put("columns", plan.columns().stream().map(PlanText::map).toList());
        return JsonText.of(json) + "\n";
    }

    private static Map<String, Object> map(WorkPlan.ColumnPlan column) {
        WorkPlan.Counts counts = column.counts();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("column", column.column());
        json.put("attribute", column.attribute());
        json.put("model", column.model());
        json.put("fingerprint", column.fingerprint());
        json.put("inputs", column.inputs().toString());
        json.put("notes", column.notes());
        json.put("reduction", column.reduction());
        json.put("blank", counts.blank());
        json.put("with_text", counts.withText());
        json.put("distinct_texts", counts.distinct());
        json.put("already_embedded", counts.embedded());
        json.put("rejected_earlier", counts.rejected());
        json.put("to_embed", counts.toEmbed());
        column.batches()
                .ifPresentOrElse(
                        batches -> {
                            json.put("mode", "batch");
                            json.put("batches", batches.of(counts.toEmbed()));
                            json.put("batch_seconds", batches.window().toSeconds());
                            json.put("batches_under_way", batches.underWay());
                            json.put("texts_under_way", batches.textsUnderWay());
                        },
                        () -> json.put("waves", column.waves()));
        column.tokens().ifPresent(tokens -> {
            json.put("sampled_texts", tokens.sampled());
            json.put("tokens", tokens.tokens());
            json.put("truncated", tokens.truncated());
            json.put("split", tokens.split());
            json.put("refused", tokens.refused());
            if (column.batches().isEmpty()) {
                json.put("seconds", tokens.time().toMillis() / 1000.0);
                json.put("seconds_measured", tokens.measured());
            }
        });
        OptionalDouble cost = column.charge()
                .of(column.tokens().map(WorkPlan.TokenEstimate::tokens).orElse(0L));
        cost.ifPresent(usd -> json.put("cost", usd == 0 ? (Object) 0 : (Object) usd));
        json.put("cost_basis", column.charge().source());
        return json;
    }

    private static String counted(long count, String one, String several) {
        return number(count) + " " + (count == 1 ? one : several);
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
