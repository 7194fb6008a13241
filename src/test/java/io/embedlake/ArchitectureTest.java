package io.embedlake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String[] SPARK_SIDE = {
        "io.embedlake", "io.embedlake.spark..", "io.embedlake.sql..", "io.embedlake.ml..", "io.embedlake.cli.."
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.embedlake");

    @Test
    void looksAtTheWholeProject() {
        assertTrue(CLASSES.contain("io.embedlake.spi.Embedder"));
        assertTrue(CLASSES.contain("io.embedlake.spark.job.EmbeddingJob"));
        assertTrue(CLASSES.stream().noneMatch(type -> type.getName().endsWith("Test")));
    }

    @Test
    void theEngineKnowsNeitherSparkNorDeltaNorScala() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SPARK_SIDE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "io.delta..", "scala..")
                .check(CLASSES);
    }

    @Test
    void theEngineKnowsNothingOfTheSparkSide() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SPARK_SIDE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SPARK_SIDE)
                .check(CLASSES);
    }

    @Test
    void onlyLocalModelsKnowDjl() {
        only("io.embedlake.local..", "ai.djl..", "ai.onnxruntime..");
    }

    @Test
    void onlyProvidersAndTheDownloaderKnowOkHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.embedlake.remote..", "io.embedlake.local.hub..", "io.embedlake.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("okhttp3..")
                .check(CLASSES);
    }

    @Test
    void onlyProvidersKnowAmazonsSdk() {
        only("io.embedlake.remote..", "software.amazon..");
    }

    @Test
    void onlySparkMlKnowsSparksMachineLearning() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.embedlake.spark.ml..", "io.embedlake.ml..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark.ml..", "org.apache.spark.mllib..")
                .check(CLASSES);
    }

    @Test
    void onlySparkSqlAndTheDoorOfSqlKnowCatalyst() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.embedlake.spark.sql..", "io.embedlake.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.spark.sql.catalyst..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.embedlake.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("io.embedlake.local.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("io.embedlake.spark.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void partsOfTheSparkSideDoNotKnowTheJobThatUsesThem() {
        noClasses()
                .that()
                .resideInAnyPackage("io.embedlake.spark.*..")
                .and()
                .resideOutsideOfPackages(
                        "io.embedlake.spark.job..", "io.embedlake.spark.search..", "io.embedlake.spark.evaluate..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.embedlake.spark.job")
                .check(CLASSES);
    }

    @Test
    void everyPackageUsesOnlyThoseThatItMay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("spi")
                .definedBy("io.embedlake.spi..")
                .layer("text")
                .definedBy("io.embedlake.text..")
                .layer("image")
                .definedBy("io.embedlake.image..")
                .layer("reduce")
                .definedBy("io.embedlake.reduce..")
                .layer("ivf")
                .definedBy("io.embedlake.ivf..")
                .layer("model files")
                .definedBy("io.embedlake.local.files..", "io.embedlake.local.hub..", "io.embedlake.local.weights..")
                .layer("local")
                .definedBy(
                        "io.embedlake.local",
                        "io.embedlake.local.network..",
                        "io.embedlake.local.family..",
                        "io.embedlake.local.head..",
                        "io.embedlake.local.training..")
                .layer("lexical")
                .definedBy("io.embedlake.lexical..")
                .layer("remote")
                .definedBy("io.embedlake.remote..")
                .layer("pipeline")
                .definedBy("io.embedlake.pipeline..")
                .layer("config")
                .definedBy("io.embedlake.config..")
                .layer("spark")
                .definedBy("io.embedlake.spark..")
                .layer("api")
                .definedBy("io.embedlake")
                .layer("sql")
                .definedBy("io.embedlake.sql..")
                .layer("ml")
                .definedBy("io.embedlake.ml..")
                .layer("cli")
                .definedBy("io.embedlake.cli..")
                .whereLayer("spi")
                .mayNotAccessAnyLayer()
                .whereLayer("image")
                .mayOnlyAccessLayers("spi")
                .whereLayer("reduce")
                .mayNotAccessAnyLayer()
                .whereLayer("ivf")
                .mayOnlyAccessLayers("reduce")
                .whereLayer("text")
                .mayOnlyAccessLayers("spi")
                .whereLayer("model files")
                .mayOnlyAccessLayers("spi")
                .whereLayer("local")
                .mayOnlyAccessLayers("spi", "text", "image", "reduce", "model files", "lexical")
                .whereLayer("lexical")
                .mayOnlyAccessLayers("spi", "text", "reduce")
                .whereLayer("remote")
                .mayOnlyAccessLayers("spi", "text", "image")
                .whereLayer("pipeline")
                .mayOnlyAccessLayers("spi", "text", "image", "reduce")
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("spark", "api", "sql", "ml", "cli")
                .whereLayer("spark")
                .mayOnlyBeAccessedByLayers("api", "sql", "ml", "cli")
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("sql", "cli")
                .whereLayer("sql")
                .mayOnlyBeAccessedByLayers("ml")
                .whereLayer("ml")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    private static void only(String owner, String... libraries) {
        noClasses()
                .that()
                .resideOutsideOfPackage(owner)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .check(CLASSES);
    }
}
