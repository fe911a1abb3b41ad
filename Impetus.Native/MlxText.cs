using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Impetus.Native;

/// <summary>
/// Hands texts to mlx-c as UTF-8. mlx-c uses its error messages as printf formats, and whatever it was given (a path, a tensor's
/// name, the source of a kernel) may be quoted in one: <c>%n</c> in it would crash the process. So no percent sign passes.
/// </summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedIn, typeof(In))]
internal static unsafe class MlxText
{
    /// <summary>One text on its way.</summary>
    public ref struct In
    {
        private Utf8StringMarshaller.ManagedToUnmanagedIn _utf8;

        /// <summary>Bytes of the caller's stack that short texts go to.</summary>
        public static int BufferSize => Utf8StringMarshaller.ManagedToUnmanagedIn.BufferSize;

        /// <summary>Takes the text.</summary>
        /// <exception cref="ArgumentException">There is a percent sign in it.</exception>
        public void FromManaged(string text, Span<byte> buffer)
        {
            if (text.Contains('%', StringComparison.Ordinal))
                throw new ArgumentException($"'{text}' holds a percent sign, which MLX cannot report safely. Rename it.", nameof(text));
            _utf8.FromManaged(text, buffer);
        }

        /// <summary>The bytes, ended by a zero.</summary>
        public byte* ToUnmanaged() => _utf8.ToUnmanaged();

        /// <summary>Frees what a long text took.</summary>
        public void Free() => _utf8.Free();
    }
}
