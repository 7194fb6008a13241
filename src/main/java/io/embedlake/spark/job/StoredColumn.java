package io.embedlake.spark.job;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.TableRef;
import io.embedlake.config.TargetSpec;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.store.ColumnScope;
import io.embedlake.spark.store.ModelStore;
import io.embedlake.spark.store.ReducerStore;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunLog;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.Platforms;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;

/**
 * A column whose vectors can be made again, for any text, with what jobs have fitted on it and keep in their store: its reducer, its model,
 * or both. Immutable; confined to the driver.
 */
public final class StoredColumn {
    private static final String OPTION = "option column";

    private final Tables tables;
    private final TableRef store;
    private final ColumnScope column;
    private final RunId run;
    private final Optional<ReducerStore.Saved> reducer;

    private StoredColumn(
            Tables tables, TableRef store, ColumnScope column, RunId run, Optional<ReducerStore.Saved> reducer) {
        this.tables = tables;
        this.store = store;
        this.column = column;
        this.run = run;
        this.reducer = reducer;
    }

    /**
     * What a store has of a reducer.
     *
     * @param reducer its name, such as {@code pca-64 v1}, or its label, such as {@code pca-64}, for the newest version
     * @param named the column, alone or as {@code text_embedding of shop.reviews}; needed where columns share the reducer's name
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such reducer, or several columns have it;
     *     {@link ErrorKind#STORAGE} when the store cannot be read
     */
    public static StoredColumn ofReducer(Tables tables, TableRef store, String reducer, Optional<String> named) {
        String what = "embed with the reducer " + reducer + " of the store " + store;
        List<ReducerStore.Saved> saved = new ReducerStore(tables, store)
                .saved()
                .orElseThrow(() -> missing(tables, what, store.sibling("_reducers"), "that reduce vectors"));
        List<ReducerStore.Saved> found = saved.stream()
                .filter(one -> one.name().equals(reducer) || one.label().equals(reducer))
                .toList();
        if (found.isEmpty()) {
            List<String> names = saved.stream()
                    .map(ReducerStore.Saved::name)
                    .distinct()
                    .sorted()
                    .toList();
            throw refused(what + ": there is none of this name (the names are those of the column label and version of "
                    + store.sibling("_reducers") + ", and of the table's properties). "
                    + nearest(reducer, names));
        }
        ReducerStore.Saved chosen = only(what, found, ReducerStore.Saved::column, named);
        return new StoredColumn(tables, store, chosen.column(), chosen.run(), Optional.of(chosen));
    }

    /**
     * What a store has of a column whose model was fitted on it.
     *
     * @param platform the platform of the model; any when absent
     * @param named the column, as in {@link #ofReducer}
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such model, or several columns have one;
     *     {@link ErrorKind#STORAGE} when the store cannot be read
     */
    public static StoredColumn ofModel(
            Tables tables, TableRef store, Optional<String> platform, Optional<String> named) {
        String what = "embed with the store " + store;
        if (platform.filter(name -> !(Platforms.named(name) instanceof FittedPlatform))
                .isPresent()) {
            throw refused(what + ": the platform " + platform.get()
                    + " has no model that jobs fit (without a reducer, a store has those alone). Name one of its reducers in"
                    + " the option reducer, or leave store out.");
        }
        List<ModelStore.Saved> saved = new ModelStore(tables, store)
                .saved()
                .orElseThrow(() -> missing(tables, what, store.sibling("_models"), "that fit a model"));
        List<ModelStore.Saved> found = saved.stream()
                .filter(one -> platform.isEmpty() || platform.get().equals(one.platform()))
                .toList();
        if (found.isEmpty()) {
            throw refused(what + ": it has no model of the platform " + platform.orElse("")
                    + " (jobs fit one on each column that they embed with it). "
                    + nearest(
                            platform.orElse(""),
                            saved.stream()
                                    .map(ModelStore.Saved::platform)
                                    .distinct()
                                    .sorted()
                                    .toList()));
        }
        ModelStore.Saved chosen = only(what, found, ModelStore.Saved::column, named);
        return new StoredColumn(tables, store, chosen.column(), chosen.run(), Optional.empty());
    }

    /** The versions of what a store has: while they stay, so does what this class finds. */
    public static List<TableVersion> versions(Tables tables, TableRef store) {
        return Stream.of(new ReducerStore(tables, store).version(), new ModelStore(tables, store).version())
                .flatMap(Optional::stream)
                .toList();
    }

    /** The newest one, where all are of one column. */
    private static <T> T only(String what, List<T> found, Function<T, ColumnScope> column, Optional<String> named) {
        String all = found.stream()
                .map(column)
                .distinct()
                .map(ColumnScope::toString)
                .sorted()
                .collect(Collectors.joining(", "));
        List<T> chosen = found.stream()
                .filter(one -> named.isEmpty()
                        || column.apply(one).column().equalsIgnoreCase(named.get())
                        || column.apply(one).toString().equalsIgnoreCase(named.get()))
                .toList();
        if (chosen.isEmpty()) {
            throw refused(what + " like the column " + named.orElse("")
                    + ": the store has none for it (it was fitted on " + all + "). Correct the " + OPTION + ".");
        }
        if (chosen.stream().map(column).distinct().count() > 1) {
            throw refused(what + ": several columns have one (" + all + "). Name the column in the " + OPTION
                    + ", with its table where that is needed.");
        }
        return chosen.get(0);
    }

    /** The name of the column. */
    public String name() {
        return column.column();
    }

    /**
     * The keys of the column, as options of a call that names no model.
     *
     * @param platform that of the call, if it names one; keys of another platform are of no use to it
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the call names none, and the store does not say how the column was
     *     made, or it was made by a provider
     */
    public Map<String, String> options(Optional<String> platform) {
        Optional<Map<String, String>> job = new RunLog(tables, store).job(run);
        Optional<String> made =
                job.flatMap(keys -> EmbeddingSpec.of(keys, name())).map(EmbeddingSpec::platform);
        boolean isOfProvider = made.filter(name -> Platforms.named(name) instanceof ProviderPlatform)
                .isPresent();
        if (platform.isPresent() && (isOfProvider || !platform.equals(made))) {
            return Map.of();
        }
        if (isOfProvider) {
            throw refused(
                    "embed like the column " + column + ": it was made by the platform " + made.get()
                            + " (a store does not decide where texts and keys go). Give platform, model and their options too.");
        }
        return job.flatMap(keys -> EmbeddingSpec.options(keys, name()))
                .orElseThrow(() -> refused("embed like the column " + column + ": the log of runs of the store " + store
                        + " does not say how it was made (its run is gone). Give the model and its options too."));
    }

    /**
     * The spec of the model, without anything open.
     *
     * @param embedding what embeds, with the column's {@linkplain #name() name}
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is not what made the column's vectors
     */
    public EmbedderSpec spec(EmbeddingSpec embedding) {
        SparkContext context = tables.spark().sparkContext();
        EmbedderSpec open = new FittedModels(tables, new TargetSpec(column.target(), store)).describe(embedding);
        if (FittedPlatform.isProvisional(open)) {
            throw refused("embed with " + embedding.platform() + ": the store " + store
                    + " has no model of it that was fitted on the column " + column
                    + " with these options (a model belongs to the options that it was fitted with). Leave out model, platform"
                    + " and their options for those of the column.");
        }
        EmbedderSpec spec =
                RowEmbedding.settled(context, embedding, open, reducer.map(ReducerStore.Saved::fingerprint));
        reducer.filter(fitted -> !fitted.fingerprint().equals(spec.fingerprint().hash()))
                .ifPresent(fitted -> {
                    throw refused("embed with the reducer " + fitted.name() + " of the store " + store
                            + ": it was fitted on vectors with the fingerprint " + fitted.fingerprint()
                            + ", and those of " + spec.label() + " with these options have "
                            + spec.fingerprint().hash()
                            + " (a reducer makes vectors of its own model short). Leave out model, platform and their options"
                            + " for those of the column " + column + ", or name another reducer.");
                });
        return spec;
    }

    /** How the full vectors become the column's. */
    public Reduction reduction() {
        return reducer.map(fitted -> new ReducerStore(tables, store).fit(fitted).reduction())
                .orElseGet(() -> Reduction.of(new NoReduction()));
    }

    private static String nearest(String name, List<String> known) {
        return Columns.suggest(name, known).orElse("Run the job first: the store has none yet.");
    }

    private static EmbedlakeException missing(Tables tables, String what, TableRef table, String jobs) {
        tables.requireMissing(table);
        return refused(what + ": there is no table " + table + " (jobs " + jobs
                + " make it beside their store). Name the store of the job, as the properties of its target do.");
    }

    private static EmbedlakeException refused(String sentence) {
        return new EmbedlakeException(ErrorKind.CONFIGURATION, "Cannot " + sentence);
    }
}
