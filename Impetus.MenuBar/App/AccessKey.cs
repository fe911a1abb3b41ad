using Impetus.Server.Security;

namespace Impetus.MenuBar.App;

/// <summary>A place where the system keeps a secret for this app.</summary>
internal interface IKeychain
{
    /// <summary>The secret; null if there is none.</summary>
    /// <exception cref="KeychainException">The system refuses.</exception>
    string? Read();

    /// <summary>Keeps a secret in place of the last one.</summary>
    /// <exception cref="KeychainException">The system refuses.</exception>
    void Write(string secret);
}

/// <summary>The system does not give a secret, or does not take one; the message says why.</summary>
internal sealed class KeychainException(string message) : Exception(message);

/// <summary>The app's own key, from the Keychain; it is made when it is first needed.</summary>
internal static class AccessKey
{
    /// <summary>The key; null if the Keychain refuses, and then the server's own key file serves.</summary>
    public static string? Obtain(IKeychain keychain)
    {
        try
        {
            if (keychain.Read() is { } kept && ApiKeys.IsWellFormed(kept))
                return kept;
            string made = ApiKeys.NewKey();
            keychain.Write(made);
            return made;
        }
        catch (KeychainException)
        {
            return null;
        }
    }
}
