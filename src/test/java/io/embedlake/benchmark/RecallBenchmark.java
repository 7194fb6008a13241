package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.config.ReduceSpec;
import io.embedlake.examples.WordNetDefinitions;
import io.embedlake.spark.evaluate.Candidate;
import io.embedlake.spark.evaluate.Evaluation;
import io.embedlake.spark.evaluate.Evaluator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What reductions of the embedded model's vectors keep of the neighbours among definitions of WordNet, and prints a line of JSON each.
 *
 * <p>Arguments: how many texts, the bytes of the largest reduction.
 */
public final class RecallBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RecallBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int rows = Integer.parseInt(arguments[0]);
        int bytes = Integer.parseInt(arguments[1]);
        List<String> texts = WordNetDefinitions.all().stream()
                .map(WordNetDefinitions.Definition::definition)
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(texts, new Random(1));
        float[][] vectors = SentenceVectors.embedded(texts.subList(0, rows));
        for (boolean center : new boolean[] {false, true}) {
            ReduceSpec chosen = new ReduceSpec(
                    ReduceSpec.Method.PCA,
                    bytes / Float.BYTES,
                    center,
                    ReduceSpec.Codes.NONE,
                    bytes,
                    rows,
                    ReduceSpec.FewRows.REFUSE,
                    0,
                    ReduceSpec.Full.STORED);
            Evaluation evaluation = Evaluator.evaluate(
                    "definitions",
                    "all-MiniLM-L6-v2",
                    chosen,
                    Optional.empty(),
                    vectors,
                    Collections.nCopies(rows, ""));
            for (Candidate candidate : Stream.concat(Stream.of(evaluation.chosen()), evaluation.ladder().stream())
                    .toList()) {
                System.out.println(JSON.writeValueAsString(figures(candidate)));
            }
        }
    }

    private static Map<String, Object> figures(Candidate candidate) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("reduction", candidate.reduce().label());
        figures.put("bytes", candidate.quality().bytes());
        figures.put("variance_kept", rounded(candidate.varianceKept()));
        figures.put("recall_at_1", rounded(candidate.quality().recallAt1()));
        figures.put("recall_at_10", rounded(candidate.quality().recallAt10()));
        figures.put("recall_at_100", rounded(candidate.quality().recallAt100()));
        figures.put("reach_at_100", rounded(candidate.quality().reachAt100()));
        figures.put("rank_correlation", rounded(candidate.quality().rankCorrelation()));
        return figures;
    }

    private static double rounded(double share) {
        return Math.round(share * 1000) / 1000.0;
    }
}
