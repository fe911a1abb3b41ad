using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]

namespace Impetus.Native.Interop;

/// <summary>
/// The functions of mlx-c that we use, under their C names, one file for each of its headers. They check nothing: what calls
/// them zeroes out-pointers, checks return codes and keeps to one thread.
/// </summary>
internal static partial class MlxC
{
    /// <summary>What the gate (<see cref="MlxLibrary"/>) resolves.</summary>
    internal const string Library = "mlxc";
}
