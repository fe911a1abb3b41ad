using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Impetus.Native.Interop;

namespace Impetus.Native;

/// <summary>
/// Turns mlx-c's return codes into exceptions. mlx-c reports an error by calling one global handler on the thread that called
/// it, and then returns 1; its own handler would end the process.
/// </summary>
internal static unsafe class MlxError
{
    [ThreadStatic]
    private static string? _message;

    /// <summary>Puts our handler in the place of the one that exits.</summary>
    public static void Install() => MlxC.mlx_set_error_handler(&Remember, null, null);

    /// <summary>Throws what the handler heard if a call did not return 0.</summary>
    /// <exception cref="MlxException">The call failed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int code)
    {
        if (code != 0)
            Throw(code);
    }

    /// <summary>Throws if a constructor returned no handle.</summary>
    /// <exception cref="MlxException">It did not.</exception>
    public static void CheckHandle(nint handle)
    {
        if (handle == 0)
            Throw(1);
    }

    private static void Throw(int code)
    {
        string message = _message ?? $"MLX returned {code} without a message.";
        _message = null;
        throw new MlxException(message);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Remember(byte* message, void* data) => _message = Marshal.PtrToStringUTF8((nint)message);
}
