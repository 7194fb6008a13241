package io.embedlake.remote;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RemoteLayersTest {
    private static final String[] PURE = {
        "io.embedlake.remote.format..", "io.embedlake.remote.pack..", "io.embedlake.remote.auth.."
    };
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.embedlake.remote");

    @Test
    void whatIsSaidIsDecidedWithoutSendingIt() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("okhttp3..", "java.net.http..", "javax.net..", "java.nio.file..")
                .check(CLASSES);
    }

    @Test
    void whatIsSaidDoesNotDependOnTheClockOrOnThreadsOrTheEnvironment() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .check(CLASSES);
    }

    @Test
    void theSeamKnowsNoFormat() {
        noClasses()
                .that()
                .resideInAPackage("io.embedlake.remote.format")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.embedlake.remote.format.*..")
                .check(CLASSES);
    }

    @Test
    void formatsAndTheirHelpersHaveNoCycles() {
        slices().matching("io.embedlake.remote.format.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
        slices().matching("io.embedlake.remote.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyPackingKnowsTheTokenizerOfOpenAi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.embedlake.remote.pack")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.knuddels..")
                .check(CLASSES);
    }
}
