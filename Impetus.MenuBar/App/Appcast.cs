using System.Security.Cryptography;
using System.Text.Json;

namespace Impetus.MenuBar.App;

/// <summary>A version that can be had.</summary>
/// <param name="Version">Of the app.</param>
/// <param name="MinimumSystem">The oldest macOS that it runs on.</param>
/// <param name="Download">Where a browser gets it; always https.</param>
/// <param name="Notes">What is new.</param>
internal sealed record Release(Version Version, Version MinimumSystem, Uri Download, string Notes);

/// <summary>
/// The list of what is offered: <c>{"payload": base64 of a JSON object, "signature": base64}</c>. The signature is ECDSA with P-256 and SHA-256
/// in DER form, as <c>openssl dgst -sha256 -sign</c> writes it, over the payload's bytes; whoever serves the file can neither change it nor
/// offer another one.
/// </summary>
internal static class Appcast
{
    /// <summary>The largest list that is read, in bytes.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>Reads the list.</summary>
    /// <param name="json">The file.</param>
    /// <param name="publicKey">SubjectPublicKeyInfo, base64.</param>
    /// <exception cref="FormatException">It is not ours, or not whole; nothing of it may be believed.</exception>
    public static Release Read(ReadOnlyMemory<byte> json, string publicKey)
    {
        try
        {
            using var envelope = JsonDocument.Parse(json);
            byte[] payload = envelope.RootElement.GetProperty("payload").GetBytesFromBase64();
            byte[] signature = envelope.RootElement.GetProperty("signature").GetBytesFromBase64();
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            if (!key.VerifyData(payload, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
                throw new FormatException("The list of updates is not signed by the makers of this app.");
            using var release = JsonDocument.Parse(payload);
            return Release(release.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or CryptographicException or ArgumentException)
        {
            throw new FormatException($"The list of updates cannot be read: {fault.Message}", fault);
        }
    }

    private static Release Release(JsonElement element)
    {
        var download = new Uri(Text(element, "url"), UriKind.Absolute);
        if (download.Scheme != Uri.UriSchemeHttps)
            throw new FormatException("The list of updates names a download that is not https.");
        return new(Version.Parse(Text(element, "version")), Version.Parse(Text(element, "minimum_system")), download, Text(element, "notes"));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");
}
