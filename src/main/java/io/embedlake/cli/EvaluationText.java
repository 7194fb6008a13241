package io.embedlake.cli;

import io.embedlake.spark.evaluate.Candidate;
import io.embedlake.spark.evaluate.Evaluation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what reductions keep. Stateless. */
final class EvaluationText {
    private EvaluationText() {}

    /** For people. */
    static String of(Evaluation evaluation) {
        TextTable table = new TextTable()
                .row("", "reduction", "bytes", "variance", "recall@1", "recall@10", "recall@100", "10 in 100", "ranks");
        table.row(cells("now", evaluation.chosen()));
        for (Candidate candidate : evaluation.ladder()) {
            table.row(cells(candidate.equals(evaluation.taken()) ? "take" : "", candidate));
        }
        return String.format(
                        Locale.ROOT,
                        "%s: %,d vectors of %,d values by %s, %,d of them searched for%n%n",
                        evaluation.column(),
                        evaluation.rows(),
                        evaluation.dimensions(),
                        evaluation.model(),
                        evaluation.chosen().quality().queries())
                + table + "\n" + evaluation.advice() + "\n";
    }

    private static List<String> cells(String mark, Candidate candidate) {
        return List.of(
                mark,
                candidate.reduce().label(),
                Integer.toString(candidate.quality().bytes()),
                String.format(Locale.ROOT, "%.0f %%", 100 * candidate.varianceKept()),
                share(candidate.quality().recallAt1()),
                share(candidate.quality().recallAt10()),
                share(candidate.quality().recallAt100()),
                share(candidate.quality().reachAt100()),
                share(candidate.quality().rankCorrelation()));
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** For programs: one object on a line. */
    static String json(Evaluation evaluation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("column", evaluation.column());
        json.put("model", evaluation.model());
        json.put("rows", evaluation.rows());
        json.put("queries", evaluation.chosen().quality().queries());
        json.put("dimensions", evaluation.dimensions());
        json.put("chosen", map(evaluation.chosen()));
        json.put("ladder", evaluation.ladder().stream().map(EvaluationText::map).toList());
        json.put("taken", evaluation.taken().reduce().label());
        json.put("advice", evaluation.advice());
        json.put("spectrum", evaluation.spectrum());
        return JsonText.of(json) + "\n";
    }

    private static Map<String, Object> map(Candidate candidate) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("reduction", candidate.reduce().label());
        json.put("reduce", candidate.reduce().yaml());
        json.put("bytes", candidate.quality().bytes());
        json.put("variance_kept", candidate.varianceKept());
        json.put("recall_at_1", candidate.quality().recallAt1());
        json.put("recall_at_10", candidate.quality().recallAt10());
        json.put("recall_at_100", candidate.quality().recallAt100());
        json.put("reach_at_100", candidate.quality().reachAt100());
        json.put("rank_correlation", candidate.quality().rankCorrelation());
        return json;
    }
}
