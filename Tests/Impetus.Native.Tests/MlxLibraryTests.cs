using System.Reflection;
using System.Runtime.InteropServices;
using Impetus.Native.Interop;

namespace Impetus.Native.Tests;

public sealed class MlxLibraryTests
{
    [Fact]
    public void Every_bound_function_is_exported_by_the_library()
    {
        var info = Mlx.Open();
        nint handle = NativeLibrary.Load(info.Path);
        string[] bound = [.. typeof(MlxC)
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(method => method.Name.StartsWith("mlx_", StringComparison.Ordinal))
            .Select(method => method.Name)];

        Assert.True(bound.Length > 150);
        Assert.DoesNotContain(bound, name => !NativeLibrary.TryGetExport(handle, name, out _));
    }

    [Fact]
    public void The_version_is_one_that_the_bindings_know()
    {
        var info = Mlx.Open();

        Assert.True(info.Version >= MlxLibrary.Oldest);
    }

    [Fact]
    public void The_variable_comes_before_the_bundle_and_alone()
    {
        string name = OperatingSystem.IsMacOS() ? "libmlxc.dylib" : "libmlxc.so";
        string folder = Directory.CreateTempSubdirectory("impetus-").FullName;

        Assert.Equal([Path.Combine(folder, name)], MlxLibrary.Candidates(folder, "/app/MonoBundle"));
        Assert.Equal(["/some/libmlxc.so.1"], MlxLibrary.Candidates("/some/libmlxc.so.1", "/app/MonoBundle"));
        Directory.Delete(folder);
    }

    [Fact]
    public void Without_the_variable_the_bundle_is_searched()
    {
        string name = OperatingSystem.IsMacOS() ? "libmlxc.dylib" : "libmlxc.so";

        Assert.Equal([$"/app/MonoBundle/{name}", $"/app/Frameworks/{name}"], MlxLibrary.Candidates(null, "/app/MonoBundle"));
    }
}
