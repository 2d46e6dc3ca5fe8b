package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dilort.error.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativePlatformTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, LINUX_X86_64",
        "Linux, x86_64, LINUX_X86_64",
        "Linux, aarch64, LINUX_ARM64",
        "Mac OS X, aarch64, MACOS_ARM64",
        "Windows 11, amd64, WINDOWS_X86_64",
        "Windows Server 2022, amd64, WINDOWS_X86_64",
    })
    void isFoundByTheJvmsOwnNames(String osName, String osArch, NativePlatform expected) {
        assertThat(NativePlatform.of(osName, osArch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, x86_64", "Windows 11, aarch64", "Linux, riscv64", "FreeBSD, amd64"})
    void anUnsupportedOneIsNamedWithTheSupportedOnes(String osName, String osArch) {
        assertThatThrownBy(() -> NativePlatform.of(osName, osArch))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "no ONNX Runtime training library for os.name=%s, os.arch=%s; expected one of"
                                + " linux-x86_64, linux-arm64, macosx-arm64, windows-x86_64",
                        osName, osArch);
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX_X86_64, libonnxruntime4j_jni.so",
        "LINUX_ARM64, libonnxruntime4j_jni.so",
        "MACOS_ARM64, libonnxruntime4j_jni.dylib",
        "WINDOWS_X86_64, onnxruntime4j_jni.dll",
    })
    void theBridgeOfEveryPlatformIsInTheJarOfTheJavaApi(NativePlatform platform, String name) {
        assertThat(platform.bridgeResource()).endsWith("/" + name);
        assertThat(getClass().getClassLoader().getResource(platform.bridgeResource()))
                .isNotNull();
    }

    @Test
    void namesLibrariesAsTheJvmDoes() {
        assertThat(NativePlatform.current().library("onnxruntime")).isEqualTo(System.mapLibraryName("onnxruntime"));
    }
}
