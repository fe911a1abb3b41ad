using System.Runtime.InteropServices;
using Impetus.Native.Interop;

namespace Impetus.Native;

/// <summary>
/// The gate to MLX: finds <c>libmlxc</c>, checks its version and installs the error handler, once in a process. It is looked for
/// in <c>IMPETUS_MLX_LIB</c> (the file, or its folder), in the app bundle, and on the loader's own path.
/// </summary>
/// <remarks>Thread safe.</remarks>
public static class MlxLibrary
{
    /// <summary>The variable that names the library or its folder.</summary>
    public const string Variable = "IMPETUS_MLX_LIB";

    /// <summary>The oldest version of MLX that the bindings were written against.</summary>
    public static readonly Version Oldest = new(0, 31, 0);

    private static readonly Lazy<MlxLibraryInfo> Opened = new(OpenOnce, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Opens the library, or says why it cannot.</summary>
    /// <exception cref="MlxUnavailableException">It is missing, too old, or does not load.</exception>
    public static MlxLibraryInfo Open() => Opened.Value;

    /// <summary>Whether MLX can be used here.</summary>
    /// <param name="reason">Why not; null if it can.</param>
    public static bool IsAvailable(out string? reason)
    {
        try
        {
            Open();
            reason = null;
            return true;
        }
        catch (MlxUnavailableException missing)
        {
            reason = missing.Message;
            return false;
        }
    }

    /// <summary>Where the library is looked for, in order; the loader's own path comes last.</summary>
    internal static IEnumerable<string> Candidates(string? variable, string baseDirectory)
    {
        string name = OperatingSystem.IsMacOS() ? "libmlxc.dylib" : "libmlxc.so";
        if (!string.IsNullOrEmpty(variable))
        {
            yield return Directory.Exists(variable) ? Path.Combine(variable, name) : variable;
            yield break;
        }

        yield return Path.Combine(baseDirectory, name);
        yield return Path.GetFullPath(Path.Combine(baseDirectory, "..", "Frameworks", name));
    }

    private static MlxLibraryInfo OpenOnce()
    {
        string? variable = Environment.GetEnvironmentVariable(Variable);
        var (handle, path) = Load(variable);
        NativeLibrary.SetDllImportResolver(typeof(MlxLibrary).Assembly, (name, _, _) => name == MlxC.Library ? handle : 0);
        if (!NativeLibrary.TryGetExport(handle, "mlx_fast_scaled_dot_product_attention", out _))
            throw new MlxUnavailableException($"{path} is no mlx-c library, or one that is too old: a function is missing.");
        MlxError.Install();
        var version = ReadVersion();
        if (version < Oldest)
            throw new MlxUnavailableException($"{path} brings MLX {version}; at least {Oldest} is needed. Update mlx and mlx-c.");
        return new MlxLibraryInfo(path, version);
    }

    private static (nint Handle, string Path) Load(string? variable)
    {
        foreach (string candidate in Candidates(variable, AppContext.BaseDirectory))
        {
            if (!File.Exists(candidate))
                continue;
            try
            {
                return (NativeLibrary.Load(candidate), candidate);
            }
            catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
            {
                throw new MlxUnavailableException($"{candidate} is there but does not load: {fault.Message}", fault);
            }
        }

        if (!string.IsNullOrEmpty(variable))
            throw new MlxUnavailableException($"{Variable} is '{variable}', but there is no libmlxc.");
        return NativeLibrary.TryLoad(MlxC.Library, out nint handle)
            ? (handle, MlxC.Library)
            : throw new MlxUnavailableException(
                $"libmlxc was found neither in the app, nor on the loader's path. Install mlx-c, or set {Variable} to the library or its folder.");
    }

    private static unsafe Version ReadVersion()
    {
        var text = MlxC.mlx_string_new();
        try
        {
            MlxError.Check(MlxC.mlx_version(&text));
            string value = Marshal.PtrToStringUTF8((nint)MlxC.mlx_string_data(text)) ?? "";
            string numbers = string.Concat(value.TakeWhile(c => char.IsAsciiDigit(c) || c == '.'));
            return Version.TryParse(numbers, out var version)
                ? version
                : throw new MlxUnavailableException($"MLX says that its version is '{value}', which is no version.");
        }
        finally
        {
            _ = MlxC.mlx_string_free(text);
        }
    }
}

/// <summary>The library that was opened.</summary>
/// <param name="Path">Its file, or its name where the loader found it.</param>
/// <param name="Version">The version of MLX.</param>
public sealed record MlxLibraryInfo(string Path, Version Version);
