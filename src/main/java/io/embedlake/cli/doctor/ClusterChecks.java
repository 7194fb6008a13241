package io.embedlake.cli.doctor;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.executor.ShippedModel;
import io.embedlake.spark.job.FittedModels;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.FittedPlatform;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Has every executor looked at by itself, and compares what was found: a finding for each, and one for their differences. Confined to the
 * driver.
 *
 * @param spark the session
 * @param job the job, when there is one that can be read
 * @param clock the driver's
 */
record ClusterChecks(SparkSession spark, Optional<JobSpec> job, Clock clock) {
    private static final int ROUNDS = 3;
    private static final long MOST_SKEW_MILLIS = 5000;

    /** What should be the same on all executors, in the order in which it is told. */
    private static final List<String> COMPARED = List.of(
            MachineChecks.JAVA,
            MachineChecks.MEMORY,
            MachineChecks.PROCESSOR,
            MachineChecks.LIBTORCH,
            MachineChecks.ONNX_RUNTIME,
            MachineChecks.TOKENIZERS,
            MachineChecks.GPUS);

    void run(BiConsumer<String, Finding> found) {
        List<ExecutorAnswer> answers = new ArrayList<>();
        ExecutorProbe probe = probe();
        for (int round = 0; round < ROUNDS && (round == 0 || answers.size() < executors()); round++) {
            long began = clock.millis();
            List<ExecutorAnswer> more = ask(probe);
            long ended = clock.millis();
            more.stream().map(answer -> clocked(answer, began, ended)).forEach(answers::add);
        }
        answers.sort(Comparator.comparing(
                        (ExecutorAnswer answer) -> answer.executor().length())
                .thenComparing(ExecutorAnswer::executor));
        answers.forEach(answer -> found.accept("executor " + answer.executor(), summary(answer)));
        found.accept("executors", compared(answers, executors()));
    }

    private List<ExecutorAnswer> ask(ExecutorProbe probe) {
        SparkContext context = spark.sparkContext();
        int tasks = Math.max(context.defaultParallelism(), executors());
        return Failures.on(
                "look at the executors",
                "Correct what it names; the logs of the executors say more.",
                () -> JavaSparkContext.fromSparkContext(context)
                        .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
                        .mapPartitions(probe)
                        .collect());
    }

    /** How many there are now; the driver is none, unless it does the work. */
    private int executors() {
        SparkContext context = spark.sparkContext();
        int all = context.statusTracker().getExecutorInfos().length;
        return context.isLocal() ? 1 : all - 1;
    }

    private ExecutorProbe probe() {
        Tables tables = new Tables(spark);
        List<EmbedderSpec> models = job.stream()
                .flatMap(spec -> spec.embeddings().stream())
                .flatMap(embedding -> described(tables, embedding).stream())
                .toList();
        models.forEach(spec -> ShippedModel.offer(spark.sparkContext(), spec));
        List<String> folders = job.stream()
                .map(spec -> spec.target().store())
                .filter(tables::exists)
                .map(store -> new VectorStore(tables, store).location())
                .toList();
        return new ExecutorProbe(
                UUID.randomUUID().toString(),
                models,
                folders,
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    }

    /** What cannot be described is a finding of the driver's already. */
    private Optional<EmbedderSpec> described(Tables tables, EmbeddingSpec embedding) {
        try {
            return Optional.of(new FittedModels(tables, job.orElseThrow().target()).describe(embedding))
                    .filter(spec -> !FittedPlatform.isProvisional(spec));
        } catch (EmbedlakeException e) {
            return Optional.empty();
        }
    }

    /** Adds a warning where the executor's clock is certain to differ: the executor looked between these times of the driver's. */
    static ExecutorAnswer clocked(ExecutorAnswer answer, long beganMillis, long endedMillis) {
        long behind = beganMillis - answer.beganMillis();
        long ahead = answer.endedMillis() - endedMillis;
        if (Math.max(behind, ahead) <= MOST_SKEW_MILLIS) {
            return answer;
        }
        return answer.with(ExecutorAnswer.Line.of(
                "clock",
                Finding.warning("is at least " + Math.max(behind, ahead) / 1000 + " s "
                        + (behind > ahead ? "behind" : "ahead of")
                        + " the driver's (providers refuse signatures of another time). Let NTP set the clocks.")));
    }

    /** One line of an executor: what it is, and whatever is not well. */
    static Finding summary(ExecutorAnswer answer) {
        List<ExecutorAnswer.Line> bad = answer.lines().stream()
                .filter(line -> line.status() != Finding.Status.OK)
                .sorted(Comparator.comparing(ExecutorAnswer.Line::status).reversed())
                .toList();
        String told = Stream.concat(
                        Stream.of("on " + answer.host()),
                        Stream.concat(COMPARED.stream(), Stream.of(ExecutorProbe.LOCAL_FOLDERS))
                                .filter(check -> bad.stream()
                                        .noneMatch(line -> line.check().equals(check)))
                                .map(check -> told(check, answer)))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        String problems =
                bad.stream().map(line -> line.check() + ": " + line.detail()).collect(Collectors.joining(" | "));
        Finding worst = bad.isEmpty() ? Finding.ok("") : bad.get(0).finding();
        return new Finding(worst.status(), problems.isEmpty() ? told : problems + " | " + told, worst.kind());
    }

    private static String told(String check, ExecutorAnswer answer) {
        String detail = compared(check, answer);
        return detail.isEmpty()
                        || Stream.of(MachineChecks.MEMORY, MachineChecks.PROCESSOR, ExecutorProbe.LOCAL_FOLDERS)
                                .anyMatch(check::equals)
                ? detail
                : check + " " + detail;
    }

    /** A Java is the same wherever it lies. */
    private static String compared(String check, ExecutorAnswer answer) {
        String detail = answer.detail(check);
        return check.equals(MachineChecks.JAVA) ? detail.replaceFirst(" in .*", "") : detail;
    }

    /**
     * How executors differ from each other.
     *
     * @param expected how many there are
     */
    static Finding compared(List<ExecutorAnswer> answers, int expected) {
        List<String> differences = new ArrayList<>();
        for (String check : COMPARED) {
            Map<String, List<String>> byDetail = new TreeMap<>();
            for (ExecutorAnswer answer : answers) {
                byDetail.computeIfAbsent(compared(check, answer), detail -> new ArrayList<>())
                        .add(answer.executor());
            }
            if (byDetail.size() > 1) {
                differences.add(check + " is "
                        + byDetail.entrySet().stream()
                                .sorted(Comparator.comparing(
                                        each -> -each.getValue().size()))
                                .map(each -> each.getKey() + " on " + named(each.getValue()))
                                .collect(Collectors.joining(", and ")));
            }
        }
        String count = answers.size() + (answers.size() == 1 ? " executor" : " executors");
        if (answers.size() < expected) {
            differences.add(0, "only " + count + " of " + expected + " answered: the others were busy or came late");
        }
        return differences.isEmpty()
                ? Finding.ok(count + (answers.size() > 1 ? ", all alike" : ""))
                : Finding.warning(String.join(" | ", differences)
                        + ". Vectors of unlike machines may differ in their last bits; a run takes the precision that all compute"
                        + " fast, and waits for the slowest. Make them alike.");
    }

    private static String named(List<String> executors) {
        return (executors.size() == 1 ? "executor " : "executors ") + String.join(", ", executors);
    }
}
