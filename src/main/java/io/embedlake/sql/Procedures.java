package io.embedlake.sql;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.embedlake.EmbedJob;
import io.embedlake.Embedlake;
import io.embedlake.EvaluateOptions;
import io.embedlake.JobFile;
import io.embedlake.Models;
import io.embedlake.RunOptions;
import io.embedlake.RunReport;
import io.embedlake.VectorNeighbours;
import io.embedlake.VectorSearch;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.evaluate.Candidate;
import io.embedlake.spark.evaluate.Evaluation;
import io.embedlake.spark.neighbours.NeighbourReport;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.connector.catalog.procedures.ProcedureParameter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** All procedures. Stateless. */
final class Procedures {
    private static final String SOURCE = "source";
    private static final String COLUMN = "column";
    private static final String ATTRIBUTE = "attribute";
    private static final String MODEL = "model";
    private static final String OPTIONS = "options";
    private static final String ID = "id";
    private static final String JOB = "job";
    private static final String KINDS = "kinds";
    private static final String ROWS = "rows";
    private static final String TABLE = "table";
    private static final String QUERY = "query";
    private static final String IMAGE = "image";
    private static final String K = "k";
    private static final String WHERE = "where";
    private static final String HOSTS = "allowed_hosts";
    private static final String IN_TABLE = "in_table";
    private static final String IN_COLUMN = "in_column";
    private static final String IN_WHERE = "in_where";
    private static final String IN_ID = "in_id";
    private static final String RECALL = "recall";
    private static final String MIN_SCORE = "min_score";
    private static final String INTO = "into_table";

    private static final RunsUnderWay UNDER_WAY = new RunsUnderWay();

    private static final DataType TEXTS = DataTypes.createMapType(StringType, StringType);
    private static final ProcedureParameter OF_JOB =
            required(JOB, "The path of a job file, on the driver or on a file system of Spark's, or its text.");
    private static final ProcedureParameter MORE = optional(
            OPTIONS,
            TEXTS,
            "map()",
            "Keys of the job file with their values, such as 'reduce.dimensions', '32'; keys of a column belong to the first.");

    static final List<Procedure> ALL = List.of(
            new Procedure(
                    "embed",
                    "Adds a vector column to a table: a job in one line. Only new and changed texts are embedded.",
                    List.of(
                            required(SOURCE, "The Delta table."),
                            required(COLUMN, "The vector column."),
                            required(ATTRIBUTE, "The column with texts, or a template such as '{title}: {text}'."),
                            optional(
                                    MODEL,
                                    "A model's name on the hub, or a folder; by default the model in the package."),
                            MORE,
                            optional(
                                    ID,
                                    StringType,
                                    "'id'",
                                    "The column, or columns with commas, that identify a row.")),
                    (lake, arguments) -> ran(lake, embedding(lake, arguments), RunOptions.defaults())),
            new Procedure(
                    "run",
                    "Runs a job: embeds what is not embedded yet and publishes the vector columns.",
                    List.of(OF_JOB, MORE),
                    (lake, arguments) -> ran(lake, job(lake, arguments), RunOptions.defaults())),
            new Procedure(
                    "plan",
                    "Says what a job would do, how long it would take and what it would cost. Writes nothing.",
                    List.of(OF_JOB, MORE),
                    (lake, arguments) -> planned(job(lake, arguments).plan())),
            new Procedure(
                    "replay",
                    "Runs a job and tries texts again that were rejected.",
                    List.of(
                            OF_JOB,
                            optional(
                                    KINDS,
                                    StringType,
                                    "'TRANSIENT'",
                                    "Why they were rejected: TRANSIENT, PROTOCOL, INVALID_INPUT, or some with commas."),
                            MORE),
                    (lake, arguments) -> ran(
                            lake, job(lake, arguments), RunOptions.defaults().retry(kinds(arguments.text(KINDS))))),
            new Procedure(
                    "evaluate",
                    "Measures the reduction of a job's column, and others of its size and smaller. Writes nothing.",
                    List.of(
                            OF_JOB,
                            optional(COLUMN, "The vector column, where the job has several."),
                            optional(ROWS, IntegerType, "NULL", "How many vectors are looked at."),
                            MORE),
                    (lake, arguments) -> evaluated(job(lake, arguments).evaluate(evaluation(arguments)))),
            new Procedure(
                    "search",
                    "Finds the rows whose texts are most similar to a query.",
                    List.of(
                            required(TABLE, "The table."),
                            required(COLUMN, "A vector column that embedlake made."),
                            optional(QUERY, "The text to search for."),
                            optional(K, IntegerType, "10", "How many rows."),
                            optional(WHERE, "A condition that rows must meet."),
                            optional(HOSTS, "The provider's hosts, with commas, that the query may be sent to."),
                            optional(
                                    IMAGE,
                                    BinaryType,
                                    "NULL",
                                    "The content of an image's file to search for, instead of a text."),
                            optional(
                                    RECALL,
                                    DoubleType,
                                    "NULL",
                                    "The share of the nearest rows that must be found on average, by the column's index; 1 reads"
                                            + " the whole column.")),
                    (lake, arguments) -> found(search(lake, arguments).rows())),
            new Procedure(
                    "neighbours",
                    "Finds the nearest rows for each row of a table, in another table or in itself, and writes them into a table.",
                    List.of(
                            required(TABLE, "The table whose rows get neighbours."),
                            required(COLUMN, "Its vector column."),
                            optional(IN_TABLE, "The table that neighbours are among; by default the same."),
                            optional(IN_COLUMN, "Its vector column; by default of the same name."),
                            optional(K, IntegerType, "10", "How many neighbours a row gets."),
                            optional(
                                    RECALL,
                                    DoubleType,
                                    "0.95D",
                                    "The share of the true neighbours to find; at 1 all rows are compared with all."),
                            optional(MIN_SCORE, DoubleType, "NULL", "The least cosine similarity of neighbours."),
                            optional(WHERE, "A condition on the rows that get neighbours."),
                            optional(IN_WHERE, "A condition on the rows that neighbours are among."),
                            optional(INTO, "The table of the result; by default the table's name with _neighbours."),
                            optional(ID, "The columns that name a row, with commas; by default the job's."),
                            optional(IN_ID, "Those of the table that neighbours are among.")),
                    (lake, arguments) -> joined(neighbours(lake, arguments).run())),
            new Procedure(
                    "progress",
                    "How far the runs are that this session has under way.",
                    List.of(),
                    (lake, arguments) -> UNDER_WAY.of(lake.spark())),
            new Procedure(
                    "models",
                    "The model in the package and those in the hub's cache on the driver.",
                    List.of(),
                    (lake, arguments) -> models(Embedlake.models().list())));

    private static final StructType RUN = new StructType()
            .add("run_id", StringType)
            .add("column", StringType)
            .add("rows", LongType)
            .add("rows_published", LongType)
            .add("embedded", LongType)
            .add("already_embedded", LongType)
            .add("rejected", LongType)
            .add("truncated", LongType)
            .add("tokens", LongType)
            .add("usd", DoubleType)
            .add("seconds", DoubleType)
            .add("reduction", StringType)
            .add("model", StringType)
            .add("inputs", StringType);
    private static final StructType PLAN = new StructType()
            .add("column", StringType)
            .add("rows", LongType)
            .add("texts", LongType)
            .add("already_embedded", LongType)
            .add("rejected_earlier", LongType)
            .add("to_embed", LongType)
            .add("tokens", LongType)
            .add("truncated", LongType)
            .add("usd", DoubleType)
            .add("seconds", LongType)
            .add("reduction", StringType)
            .add("model", StringType)
            .add("fingerprint", StringType)
            .add("notes", StringType)
            .add("inputs", StringType);
    private static final StructType EVALUATION = new StructType()
            .add("reduction", StringType)
            .add("bytes", IntegerType)
            .add("recall_at_10", DoubleType)
            .add("rank_correlation", DoubleType)
            .add("variance_kept", DoubleType)
            .add("is_chosen", BooleanType)
            .add("is_recommended", BooleanType);
    private static final StructType MODELS =
            new StructType().add("model", StringType).add("files", IntegerType).add("bytes", LongType);

    private static final StructType NEIGHBOURS = new StructType()
            .add("table", StringType)
            .add("neighbours", LongType)
            .add("queries", LongType)
            .add("queries_without_vector", LongType)
            .add("queries_without_neighbours", LongType)
            .add("rows", LongType)
            .add("rows_without_vector", LongType)
            .add("cells", IntegerType)
            .add("cells_visited", IntegerType)
            .add("recall", DoubleType)
            .add("seconds", DoubleType);

    private Procedures() {}

    private static ProcedureParameter required(String name, String comment) {
        return ProcedureParameter.in(name, StringType).comment(comment).build();
    }

    private static ProcedureParameter optional(String name, String comment) {
        return optional(name, StringType, "NULL", comment);
    }

    private static ProcedureParameter optional(String name, DataType type, String otherwise, String comment) {
        return ProcedureParameter.in(name, type)
                .defaultValue(otherwise)
                .comment(comment)
                .build();
    }

    private static EmbedJob job(Embedlake lake, Arguments arguments) {
        return lake.job(JobArgument.read(
                arguments.text(JOB),
                io.embedlake.config.JobFile.overrides(arguments.map(OPTIONS)),
                lake.spark().sessionState().newHadoopConf()));
    }

    private static EmbedJob embedding(Embedlake lake, Arguments arguments) {
        List<String> keys = new ArrayList<>();
        keys.add("source.table=" + quoted(arguments.text(SOURCE)));
        keys.add("source.id=["
                + String.join(
                        ", ", list(arguments.text(ID)).map(Procedures::quoted).toList()) + "]");
        keys.add("embeddings[0].column=" + quoted(arguments.text(COLUMN)));
        keys.add("embeddings[0].attribute=" + quoted(arguments.text(ATTRIBUTE)));
        arguments.optional(MODEL).ifPresent(model -> keys.add("embeddings[0].model=" + quoted(model)));
        keys.addAll(io.embedlake.config.JobFile.overrides(arguments.map(OPTIONS)));
        return lake.job(JobFile.parse("job: sql\nsource: {}\nembeddings: [{}]\n", keys));
    }

    private static String quoted(String text) {
        return io.embedlake.config.JobFile.quoted(text);
    }

    private static Stream<String> list(String commas) {
        return Stream.of(commas.split(",")).map(String::strip).filter(part -> !part.isEmpty());
    }

    private static ErrorKind[] kinds(String names) {
        return list(names).map(Procedures::kind).toArray(ErrorKind[]::new);
    }

    private static ErrorKind kind(String name) {
        return ErrorKind.ofRows(name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot replay texts: kinds is " + name
                                + " (some of TRANSIENT, PROTOCOL, INVALID_INPUT). Correct it."));
    }

    private static EvaluateOptions evaluation(Arguments arguments) {
        EvaluateOptions all = EvaluateOptions.defaults();
        EvaluateOptions options = arguments.optional(COLUMN).map(all::column).orElse(all);
        return arguments.number(ROWS).isPresent()
                ? options.rows(arguments.number(ROWS).getAsInt())
                : options;
    }

    private static VectorSearch search(Embedlake lake, Arguments arguments) {
        VectorSearch open = lake.search(arguments.text(TABLE), arguments.text(COLUMN));
        Optional<byte[]> image = arguments.bytes(IMAGE);
        if (image.isPresent() && arguments.optional(QUERY).isPresent()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot call the procedure search: it has a text as query and an image (it searches for one of them)."
                            + " Leave one out.");
        }
        VectorSearch search = image.map(open::query)
                .orElseGet(() -> open.query(arguments.text(QUERY)))
                .k(arguments.number(K).orElse(10))
                .allowedHosts(arguments.optional(HOSTS).stream()
                        .flatMap(Procedures::list)
                        .toArray(String[]::new));
        VectorSearch meeting = arguments.optional(WHERE).map(search::where).orElse(search);
        OptionalDouble recall = arguments.real(RECALL);
        return recall.isPresent() ? meeting.recall(recall.getAsDouble()) : meeting;
    }

    private static VectorNeighbours neighbours(Embedlake lake, Arguments arguments) {
        String column = arguments.text(COLUMN);
        VectorNeighbours join = lake.neighbours(arguments.text(TABLE), column)
                .k(arguments.number(K).orElse(10))
                .id(names(arguments, ID))
                .idIn(names(arguments, IN_ID));
        if (arguments.optional(IN_TABLE).isPresent()
                || arguments.optional(IN_COLUMN).isPresent()) {
            join = join.in(
                    arguments.optional(IN_TABLE).orElse(arguments.text(TABLE)),
                    arguments.optional(IN_COLUMN).orElse(column));
        }
        join = arguments.optional(WHERE).map(join::where).orElse(join);
        join = arguments.optional(IN_WHERE).map(join::whereIn).orElse(join);
        join = arguments.optional(INTO).map(join::into).orElse(join);
        OptionalDouble recall = arguments.real(RECALL);
        OptionalDouble least = arguments.real(MIN_SCORE);
        join = recall.isPresent() ? join.recall(recall.getAsDouble()) : join;
        return least.isPresent() ? join.minScore(least.getAsDouble()) : join;
    }

    private static String[] names(Arguments arguments, String parameter) {
        return arguments.optional(parameter).stream().flatMap(Procedures::list).toArray(String[]::new);
    }

    private static ResultTable joined(NeighbourReport report) {
        return ResultTable.of(
                NEIGHBOURS,
                List.of(RowFactory.create(
                        report.table(),
                        report.neighbours(),
                        report.queries(),
                        report.queriesWithoutVector(),
                        report.queriesWithoutNeighbours(),
                        report.rows(),
                        report.rowsWithoutVector(),
                        report.cells(),
                        report.visited(),
                        report.recall(),
                        report.duration().toMillis() / 1000.0)));
    }

    /** @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when more was rejected than the job allows; the rest is published */
    private static ResultTable ran(Embedlake lake, EmbedJob job, RunOptions options) {
        RunReport report = UNDER_WAY.run(lake.spark(), job, options);
        if (report.tooManyRejected()) {
            throw new EmbedlakeException(
                    ErrorKind.INVALID_INPUT,
                    String.format(
                            Locale.ROOT,
                            "Cannot embed enough of the texts: %.2f %% were rejected (errors.max-rate allows %.2f %%). All others are"
                                    + " published. The reasons are in %s.",
                            100 * report.errorRate(),
                            100 * report.maxErrorRate(),
                            job.rejectedTable()));
        }
        return ResultTable.of(
                RUN,
                report.columns().stream()
                        .map(column -> RowFactory.create(
                                report.run(),
                                column.column(),
                                report.rows(),
                                report.rowsPublished(),
                                column.embedded(),
                                column.alreadyEmbedded(),
                                column.rejected(),
                                column.truncated(),
                                column.tokens(),
                                boxed(column.cost().usd()),
                                report.duration().toMillis() / 1000.0,
                                column.reduction().name(),
                                column.model(),
                                column.inputs().toString()))
                        .toList());
    }

    private static Double boxed(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }

    private static ResultTable planned(WorkPlan plan) {
        return ResultTable.of(
                PLAN, plan.columns().stream().map(column -> row(plan, column)).toList());
    }

    private static Row row(WorkPlan plan, WorkPlan.ColumnPlan column) {
        WorkPlan.Counts counts = column.counts();
        var tokens = column.tokens();
        return RowFactory.create(
                column.column(),
                plan.rows(),
                counts.distinct(),
                counts.embedded(),
                counts.rejected(),
                counts.toEmbed(),
                tokens.map(WorkPlan.TokenEstimate::tokens).orElse(null),
                tokens.map(WorkPlan.TokenEstimate::truncated).orElse(null),
                tokens.map(estimate -> boxed(column.charge().of(estimate.tokens())))
                        .orElse(null),
                tokens.map(estimate -> estimate.time().toSeconds()).orElse(null),
                column.reduction(),
                column.model(),
                column.fingerprint(),
                String.join(" ", column.notes()),
                column.inputs().toString());
    }

    private static ResultTable evaluated(Evaluation evaluation) {
        Candidate recommended = evaluation.taken();
        return ResultTable.of(
                EVALUATION,
                Stream.concat(Stream.of(evaluation.chosen()), evaluation.ladder().stream())
                        .map(candidate -> RowFactory.create(
                                candidate.reduce().label(),
                                candidate.quality().bytes(),
                                candidate.quality().recallAt10(),
                                candidate.quality().rankCorrelation(),
                                candidate.varianceKept(),
                                candidate == evaluation.chosen(),
                                candidate.equals(recommended)))
                        .toList());
    }

    private static ResultTable found(Dataset<Row> nearest) {
        return ResultTable.of(nearest.schema(), nearest.collectAsList());
    }

    private static ResultTable models(List<Models.CachedModel> models) {
        return ResultTable.of(
                MODELS,
                models.stream()
                        .map(model -> RowFactory.create(
                                model.model(),
                                model.files().size(),
                                model.files().stream()
                                        .mapToLong(Models.ModelFile::bytes)
                                        .sum()))
                        .toList());
    }
}
