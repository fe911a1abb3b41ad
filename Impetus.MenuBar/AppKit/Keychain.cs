using Foundation;
using Impetus.MenuBar.App;
using Security;

namespace Impetus.MenuBar.AppKit;

/// <summary>The key as an item of the login keychain, on this Mac alone.</summary>
internal sealed class Keychain : IKeychain
{
    public string? Read()
    {
        using var data = SecKeyChain.QueryAsData(Item(), false, out var status);
        return status switch
        {
            SecStatusCode.Success => NSString.FromData(data!, NSStringEncoding.UTF8)?.ToString(),
            SecStatusCode.ItemNotFound => null,
            _ => throw Refusal(status),
        };
    }

    public void Write(string secret)
    {
        SecKeyChain.Remove(Item());
        var record = Item();
        record.Label = "Impetus";
        record.Accessible = SecAccessible.AfterFirstUnlockThisDeviceOnly;
        record.ValueData = NSData.FromString(secret, NSStringEncoding.UTF8);
        var status = SecKeyChain.Add(record);
        if (status != SecStatusCode.Success)
            throw Refusal(status);
    }

    private static SecRecord Item() => new(SecKind.GenericPassword) { Service = "com.gerdsenai.impetus", Account = "api-key" };

    private static KeychainException Refusal(SecStatusCode status) => new(status.GetStatusDescription() ?? status.ToString());
}
