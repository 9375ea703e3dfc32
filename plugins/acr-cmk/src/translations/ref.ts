import {
  createTranslationRef,
  useTranslationRef,
  type TranslationFunction,
} from '@backstage/frontend-plugin-api';
import { cardMessages } from './card';

/** Every text of the views that does not come from the backend, in English. */
export const acrCmkTranslationRef = createTranslationRef({
  id: 'acr-cmk',
  messages: {
    ...cardMessages,
    cancel: 'Cancel',
    close: 'Close',
    enabled: 'Enabled',
    disabled: 'Disabled',
    nothing: 'none',
    unknown: 'Unknown',
    copy: 'Copy: {{name}}',
    copied: 'Copied',
    opensInNewTab: '(opens in a new tab)',
    remedy: 'What to do: {{remedy}}',
    correlationId: 'Azure correlation ID',
    more_one: 'Show {{count}} more',
    more_other: 'Show {{count}} more',
    picker: {
      loading: 'Loading the list…',
      none: 'No matches',
      open: 'Open the list',
      close: 'Close the list',
      clear: 'Clear',
      failed: 'The list could not be loaded: {{message}}.',
      incomplete: 'The list is incomplete: some entries could not be read.',
      typeIt: 'You can enter a value instead.',
    },
    fields: {
      registry: 'Registry',
      noRegistries:
        'No registries available. None of the entities you can see has one.',
      noEncryptedRegistries:
        'No registries available. None that you can see has a customer-managed key.',
      notEncrypted: 'no customer-managed key',
      programsMayNotRevoke:
        'Templates may not request a revoke in this portal, because acrCmk.actions.revoke is not true. Revoke on the Encryption tab of the registry, or ask the administrators of the portal to set it.',
      noVaults: 'There is no vault or Managed HSM to select a key from.',
      noKeys: 'There is no key here that a registry can use.',
      earlierError:
        'This error is about an earlier value. It disappears when you continue.',
      notChecked: 'This could not be checked: {{message}}. Try again.',
      nameUnknown:
        'Could not determine whether the name {{name}} is free: {{message}}. Try again.',
      entityName: 'Name in the catalog',
      entityFormat:
        'Use 1 to 63 letters, digits, hyphens, underscores and dots, with a letter or digit at both ends.',
      entityFree:
        '{{entityRef}} is not in the catalog yet, as far as you can see.',
      entityTaken:
        'There is already {{entityRef}}. This portal does not change entities that exist, so nothing would name the new registry. Choose another name.',
      registryName: 'Name in Azure',
      registryFormat: 'Use 5 to 50 letters and digits.',
      registryFree: 'The name {{name}} is free in Azure.',
      registryTaken:
        'The name {{name}} is taken in Azure. Registry names have to be unique across all Azure customers. Choose another name.',
      groupFirst: 'Select a resource group first.',
      keyFree: 'The {{home}} has no key {{name}} yet.',
      keyTaken:
        'The {{home}} already has a key {{name}}. Choose another name, or use it as an existing key.',
      keyDeleted:
        'A deleted key of the {{home}} still has the name {{name}}. Choose another name, or recover the key.',
      keyDeletedUntil:
        'A deleted key of the {{home}} has the name {{name}} until {{until}}. Choose another name, or recover the key.',
      vaultUnsuitable: {
        'purge-protection-off': 'Not suitable: purge protection is off',
        'firewall-closed': 'Not suitable: its firewall is closed to registries',
      },
      vaultProblem: {
        'purge-protection-off':
          'The {{home}} has no purge protection: a deleted key, and with it the images, could be lost for good. Turn on purge protection, or select another one.',
        'firewall-closed':
          'The firewall of the {{home}} is closed, also to trusted Microsoft services such as Container Registry. Let them bypass it, or select another one.',
      },
      vaultNotListed:
        'There is no {{home}} with keys that you may use. Select one from the list.',
      notAKey: 'Select a key from the list.',
      keyNotListed:
        'The {{home}} has no key {{name}} that you may use for a registry. Select one from the list.',
      keyProblem: {
        type: 'The key {{name}} is not of the type RSA or RSA-HSM, which a registry needs. Select another key.',
        disabled: 'The key {{name}} is disabled. Select another key.',
      },
      versionOff:
        'Version {{version}} cannot be used: it is disabled, has expired or does not exist. Select another version.',
      manual: 'Manual: stay on version {{version}}',
      staysOn:
        'The registry will stay on version {{version}} until it is changed.',
      created: 'created {{day}}',
      noVersions: 'No version of this key is known.',
      keyFirst: 'Select a key first.',
      resourceGroup: 'Resource group',
      noResourceGroups: 'There is no resource group in acrCmk.scopes.',
      resourceGroupClosed:
        'Not open to your teams: somebody with acr-cmk.unbound.change has to agree',
      resourceGroupNotListed:
        'There is no resource group {{name}} in acrCmk.scopes. Select one from the list.',
      noIdentities: 'There is no other identity that you may use.',
      newIdentity: 'A new identity for this registry',
      newIdentityDetail: 'It is created in the resource group of the registry',
      identityNotListed:
        'There is no identity {{name}} that you may use. Select one from the list.',
      plan: 'What will happen',
      planIncomplete: 'Answer the questions before this page first.',
      planNotShown: 'The plan is not shown yet. Wait for it, then continue.',
      planBlocked: 'This cannot be carried out. {{why}}',
      planOthers_one:
        '{{count}} other registry would lose its key, too. Select another method, or accept that.',
      planOthers_other:
        '{{count}} other registries would lose their key, too. Select another method, or accept that.',
      planSecondPerson:
        'A second person has to approve this, because a template requests it.',
      planCost:
        'Azure bills a Premium registry for every day that it exists, used or not.',
    },
    tab: {
      failed:
        'The encryption of the registries could not be loaded: {{message}}',
      refreshFailed:
        'This data is out of date. The last refresh failed: {{message}}',
    },
    list: {
      title_one: '{{count}} registry',
      title_other: '{{count}} registries',
      attention_zero: 'None need attention',
      attention_one: '{{count}} needs attention',
      attention_other: '{{count}} need attention',
      running: 'Operation in progress',
    },
    installation: {
      loading: 'Checking the installation',
      failed: 'The installation could not be checked: {{message}}',
      ran: 'Checked',
      version: 'Version {{version}}',
      again: 'Check again',
      running: 'Checking…',
      headline: {
        ok: 'Everything is in order',
        warning_one: '{{count}} check has a warning',
        warning_other: '{{count}} checks have warnings',
        failed_one: '{{count}} check failed',
        failed_other: '{{count}} checks failed',
        unknown_one: '{{count}} check could not be completed',
        unknown_other: '{{count}} checks could not be completed',
      },
      status: {
        ok: 'Passed',
        warning: 'Warning',
        failed: 'Failed',
        unknown: 'Unknown',
      },
    },
    denied: {
      title: 'You do not have access',
      permission: 'Required permission:',
    },
    permissions: {
      use: 'use the encryption plugin',
      'registry-read': 'read the encryption of registries',
      'key-rotate': 'rotate the keys of registries',
      'key-revoke': 'revoke access to keys and retire versions',
      'key-restore': 'restore access to keys',
      'key-grant': 'grant identities access to keys',
      'unbound-change':
        'change keys of registries that are linked to no entity',
      'registry-create': 'create encrypted registries',
      'operation-approve': 'approve operations of other people',
      'campaign-create': 'change many registries at once',
      'audit-read': 'read the audit log',
      'doctor-read': 'see how the installation is set up',
      'inventory-read': 'see the status of the inventory',
      'inventory-sync': 'sync the inventory now',
      'fleet-read': 'see registries of the whole fleet',
    },
    head: {
      refresh: 'Refresh',
      refreshing: 'Refreshing…',
      refreshNamed: 'Refresh {{name}}',
      lastRead: 'As last read: {{state}}',
      stale: 'This data is out of date. The last refresh failed:',
      openInAzure: 'View registry in the Azure portal',
      reviewRequest: 'Review request',
      viewRequest: 'View request',
    },
    unreadable: {
      rightId:
        'The annotation {{annotation}} takes the Azure resource ID of a registry, or several separated by commas. For example:',
      named: 'The annotation contains:',
      'invalid-id.message':
        'The annotation does not contain a valid registry ID.',
      'out-of-scope.message':
        'This portal is not configured for the subscription or resource group of this registry.',
      'not-found.message': 'Azure has no registry with this ID.',
      'denied.message':
        "Azure denies this portal's identity access to the registry.",
      'unavailable.message': 'Azure is not responding.',
    },
    revoked: {
      onPurpose: 'Access to the key was revoked on purpose',
      stillPulled:
        'Access to the key was revoked, and pulls still worked when their test ended',
      by: 'Revoked by',
      deletedBy: 'Deleted by',
      why: 'Why',
      ofOther: '{{registry}} was the target of the revoke.',
      until: 'Until',
      noEnd: 'Somebody restores it by hand',
      ask: 'Whom to ask',
      pulls: 'Pulls',
      show: 'Show the operation',
    },
    asked: {
      review: 'Review',
      show: 'Show request',
      awaitsYou: 'awaits your approval',
      awaits: 'awaits approval',
      sharesKey: 'affects {{registries}}',
      you: { approved: 'You approved', rejected: 'You rejected' },
    },
    yourApproval: {
      needed: 'Needs your approval.',
      because: 'Needs your approval, because {{because}}.',
      others: 'Others have to approve it, too, because {{because}}.',
    },
    outside: {
      changed: 'Changed outside of this portal: {{what}}. Noticed',
      what: {
        key: 'the key',
        'version-mode': 'the version mode',
        identity: 'the identity',
        access: 'access to the key is gone',
      },
      by: 'The last change of the registry that Azure names is by {{by}},',
      at: 'The last change of the registry that Azure names was',
    },
    pulls: {
      refusedSince: 'Pulls are refused, first seen',
      answeredSince: {
        'signed-in': 'A pull works, first seen',
        anonymous: 'The registry no longer refuses every request, first seen',
      },
      watching: {
        refused: 'Testing until the registry refuses pulls.',
        answered: 'Testing until the registry no longer refuses pulls.',
      },
      notRefused: {
        'signed-in': 'Pulls still worked when the test ended.',
        anonymous:
          'The registry did not refuse every request until the test ended. Pulls were not tested.',
      },
      stillRefused: 'The registry still refused pulls when the test ended.',
      untested: {
        closed:
          'Pulls could not be tested: the registry is closed to this portal by its network rules.',
        'refused-before':
          'The registry refuses pulls; it did so before the operation too, or that is not known.',
        'not-allowed':
          'Pulls were not tested: the read credential may not pull from the registry, or the registry has no image.',
      },
      last: {
        'signed-in': 'Last pull: HTTP {{status}},',
        anonymous:
          'Last answer to a request without a credential: HTTP {{status}},',
      },
      notTried: 'The registry did not answer',
      regions:
        'The test reached one of {{count}} regions; the others are not known.',
      regionsUnknown:
        'The test reached one region; whether there are others is not known.',
    },
    glance: {
      title: 'At a glance',
      isLatest: 'the latest version',
      latestIs: 'latest: {{version}}',
      latestUnknown: 'latest version unknown',
      noneEnabled: 'no version is enabled',
      rotation: 'Rotation',
      mode: { automatic: 'Automatic', manual: 'Manual' },
      pinned: 'Vault: by policy. Registry: manual',
      policyUnknown: 'Follows new versions; rotation policy unknown',
      whenNewVersion: 'No rotation policy, follows new versions',
      everyByPolicy: 'Automatic, every {{time}} (rotation policy)',
      beforeExpiryByPolicy:
        'Automatic, {{time}} before expiry (rotation policy)',
      byPolicy: 'Automatic (rotation policy)',
      change: 'Change automatic rotation',
      rotated: 'version last changed',
      neverRotated: 'version never changed',
      beforeOperation:
        'These facts are older than the operation. They are read again when it ends.',
      accessUnknown: 'access unknown',
      paths_one: '{{count}} access path',
      paths_other: '{{count}} access paths',
      pathsBlocked_one: '{{count}} access path, behind a closed firewall',
      pathsBlocked_other: '{{count}} access paths, behind a closed firewall',
      usedBy: 'Key used by',
    },
    findings: {
      review: {
        rotate: 'Review the fix',
        'automatic-rotation': 'Set up automatic rotation',
        revoke: 'Review the revoke',
        restore: 'Review the restore',
        retire: 'Review the retirement',
      },
      reviewPlan: 'Review the plan',
      more: 'More about this',
      dependent: 'Depends on it: {{checks}}.',
      title_one: '{{count}} finding',
      title_other: '{{count}} findings',
      notes_one: '{{count}} note',
      notes_other: '{{count}} notes',
      info: 'Note',
      warning: 'Warning',
      error: 'Problem',
      undecided: 'Could not be checked',
    },
    key: {
      title: 'Key',
      uri: 'Key URI',
      openInAzure: 'View key in the Azure portal',
      mode: 'Version mode',
      inUse: 'Version in use',
      latest: 'Latest version',
      lastRotation: 'Last rotation',
      neverRotated: 'Never',
      version: 'Version',
      created: 'created',
      expires: 'expires',
      expired: 'expired',
      neverExpires: 'Does not expire',
      disabled: 'disabled',
      type: 'Type',
      typeNotShown:
        'not shown: a Managed HSM shows the type of enabled versions only',
      bits: '{{size}} bits',
      policy: 'Rotation policy',
      byPolicy: 'New versions are created automatically',
      notByPolicy: 'None: no new versions are created',
    },
    mode: {
      automatic: 'Automatic: uses new versions within about an hour',
      manual: 'Manual: stays on version {{version}} until changed',
    },
    identity: {
      title: 'Access to the key',
      name: 'Identity',
      system: 'system-assigned',
      'user-assigned': 'user-assigned',
      attached: 'Attached to the registry',
      detached: 'Not attached to the registry',
      resourceId: 'Resource ID',
      clientId: 'Client ID',
      principalId: 'Principal ID',
    },
    access: {
      title: 'Access path',
      none: 'No access path',
      noneOfOwn: 'None of its own; a group may give access',
      direct: 'granted to the identity directly',
      inherited: 'inherited',
    },
    binding: {
      title: 'Link to this entity',
      proven: 'Verified',
      unproven: 'Not verified',
    },
    /** Vault or Managed HSM of a key, for use in other texts. */
    home: {
      vault: {
        title: 'Vault',
        openInAzure: 'View vault in the Azure portal',
        named: 'vault {{name}}',
      },
      hsm: {
        title: 'Managed HSM',
        openInAzure: 'View Managed HSM in the Azure portal',
        named: 'Managed HSM {{name}}',
      },
    },
    vault: {
      name: 'Name',
      permissionModel: 'Permission model',
      rbac: 'Azure role-based access control',
      'hsm-rbac': 'Local role-based access control of the Managed HSM',
      'access-policy': 'Vault access policy',
      purgeProtection: 'Purge protection',
      softDelete_one: 'Retention of deleted keys: {{count}} day',
      softDelete_other: 'Retention of deleted keys: {{count}} days',
      firewall: 'Firewall',
      open: 'Allows all networks',
      'trusted-services': 'On, allows trusted Azure services',
      closed: 'On, blocks trusted Azure services',
    },
    timeline: {
      title: 'Versions over time',
      asTable: 'Show versions as a table',
      count_one: 'Shows {{count}} version of the key.',
      count_other: 'Shows {{count}} versions of the key.',
      uses: '{{registry}} uses {{version}}, created on {{date}}.',
      latestIs: 'The latest is {{version}}, created on {{date}}.',
      newer_zero: 'No newer version is enabled.',
      newer_one: '{{count}} enabled version is newer than the one in use.',
      newer_other: '{{count}} enabled versions are newer than the one in use.',
      latest: 'latest {{version}}',
      now: 'now',
      others_one: '{{count}} other registry',
      others_other: '{{count}} other registries',
      status: 'Status',
      created: 'Created',
      expires: 'Expires',
      usedBy: 'Used by',
      isLatest: 'latest',
      use: 'Use this version',
      useNamed: 'Use version {{version}}',
      is: {
        enabled: 'Enabled',
        disabled: 'Disabled',
        expired: 'Expired',
        'not-yet': 'Not active yet',
      },
    },
    affected: {
      title: 'Registries that use this key',
      inHome: 'in the {{home}}',
      none: 'No existing registries are affected.',
      registries_one: '{{count}} registry',
      registries_other: '{{count}} registries',
      atLeast_one: 'At least {{count}} registry',
      atLeast_other: 'At least {{count}} registries',
      entities_zero: 'No entity',
      entities_one: '{{count}} entity',
      entities_other: '{{count}} entities',
      owners_zero: 'no owner',
      owners_one: '{{count}} owner',
      owners_other: '{{count}} owners',
      self: 'this registry',
      losesKey: 'Loses its key',
      asked: '{{kind}}: awaits approval',
      askedYou: '{{kind}}: awaits your approval',
      ownedBy: 'owned by',
      hidden_one: '{{count}} entity that you cannot see',
      hidden_other: '{{count}} entities that you cannot see',
      incomplete:
        'There may be more: registries that have not been read, or that you cannot see.',
      outside: 'Not in the catalog',
      outsideCount_one: '{{count}} registry that is not in the catalog',
      outsideCount_other: '{{count}} registries that are not in the catalog',
      filter: 'Filter',
      noMatch: 'No registry matches the filter.',
      yours: 'Your registries',
    },
    dependents: {
      none: 'Nothing in the catalog depends on these registries.',
      count_zero: 'No entity that you can see depends on these registries',
      count_one: '{{count}} entity depends on these registries',
      count_other: '{{count}} entities depend on these registries',
      more: 'and {{count}} more: see the relations of',
    },
    actions: {
      more: 'More actions for {{name}}',
      rotate: {
        button: 'Rotate',
        what: 'Create a new version, or change the key, its version mode or the identity.',
      },
      'automatic-rotation': {
        button: 'Automatic rotation',
        what: 'New versions of the key are created by its rotation policy, and the registry follows them.',
      },
      revoke: {
        button: 'Revoke',
        what: 'The registry loses access to its key. Every pull and push fails until access is restored.',
      },
      restore: {
        button: 'Restore',
        what: 'Gives the registry back the key access it lost.',
      },
      retire: {
        button: 'Retire',
        what: 'Disables a version of the key that no registry uses any more.',
      },
    },
    rotate: {
      question: 'What do you want to change?',
      'new-version': {
        title: 'New version of the key',
        detail: 'A new version of the same key is created.',
      },
      existing: {
        title: 'Another key or version',
        detail:
          'The registry uses another existing key, in any vault or Managed HSM, or another version of this one.',
      },
      'new-key': {
        title: 'New key',
        detail: 'A key is created, and the registry uses it.',
      },
      mode: {
        title: 'Version mode only',
        detail: 'The same key: follow new versions, or stay on one.',
      },
      identity: {
        title: 'Identity only',
        detail: 'The registry uses the same key with another identity.',
      },
    },
    modeChoice: {
      automatic: 'Automatic: use new versions within about an hour',
      manual: 'Manual: stay on one version until changed',
      asNow: 'current',
    },
    keyChoice: {
      title: 'Select a key',
      vaultOrHsm: 'Vault or HSM',
      unsuitable: {
        type: 'Not suitable: a registry needs RSA or RSA-HSM',
        disabled: 'Not suitable: disabled',
      },
      vaultFirst: 'First select where the key is stored.',
      notAVault:
        'A vault name has 3 to 24 letters, digits and single hyphens, and starts with a letter.',
      purgeProtected: 'purge protection',
      notPurgeProtected: 'no purge protection',
      purgeProtectionUnknown: 'purge protection unknown',
      uriHelp:
        'Select a key above or paste its URI. With a version in the URI, the version mode is manual.',
      wellFormed: 'Valid.',
      follows: 'Automatic: the registry will use new versions.',
      staysOn: 'Manual: the registry will stay on version {{version}}',
    },
    rotation: {
      question: 'Automatic rotation',
      on: {
        title: 'On',
        detail: 'The key rotates by its policy, and the registry follows.',
        confirm: 'Set up automatic rotation',
      },
      off: {
        title: 'Off',
        detail:
          'The policy no longer creates versions. The version mode of the registry stays the same.',
        confirm: 'Turn off automatic rotation',
      },
      'as-before': {
        title: 'As it was before',
        detail:
          'Undoes the last change from this portal: the earlier policy and key identifier.',
        confirm: 'Change it back',
      },
      days: 'Days',
      trigger: {
        label: 'New version',
        timeAfterCreate: 'days after the newest version was created',
        timeBeforeExpiry: 'days before the newest version expires',
      },
      expiry: {
        label: 'New versions expire',
        never: 'Never',
        after: 'After {{time}}',
        help: 'Without an expiry, the registry keeps working if a rotation fails. If a policy of your organization requires one, make it much longer than the rotation interval.',
      },
      notice: {
        label: 'Notice before expiry',
        none: 'None',
        before: '{{time}} before',
        help: 'Azure then sends the event KeyNearExpiry.',
      },
      problem: {
        days: '7 to 3650 days',
        daysInHsm: '28 to 3650 days, the limits of a Managed HSM',
        expiryNeeded: 'Choose an expiry to count back from.',
        expiryTooSoon:
          'Versions must stay valid for at least 7 days longer than that.',
        tooOftenInHsm:
          'A Managed HSM makes a new version every 28 days at most: choose fewer days, or a later expiry.',
      },
    },
    firstPolicy: {
      days: 'Days between versions of the rotation policy',
      help: 'A Managed HSM rotates no key without a rotation policy, and this one has none. The plan sets it first.',
    },
    newKey: {
      name: 'Key name',
      nameHelp: 'Letters, digits and hyphens, at most 127 characters.',
      size: 'Size',
      asNow: '{{now}} (as now)',
      asTheCurrent: 'Same as the current key',
    },
    identityChoice: {
      also: 'Also change the identity',
      system:
        'System-assigned identity of the registry, turned on if it is off',
      attached: 'attached',
      open: 'the plan attaches it',
      help: 'Select an identity, or enter its resource ID, name or client ID. It is attached to the registry if necessary.',
    },
    grantReach: {
      rbac: 'a grant covers one key',
      'access-policy': 'a grant covers all keys of the vault',
    },
    grantAccess: {
      label: 'Grant the identity the access that is missing',
      help: 'By access policy, which covers all keys of the vault, or by role assignment, which covers this key alone, depending on where the key is. Otherwise missing access fails the checks.',
    },
    stopRotation: {
      label: 'Also turn off automatic rotation of the key',
      help: 'In the same plan, before the registry stays on its version. Other registries of the key get no more versions from the policy either.',
    },
    method: {
      question: 'How do you want to revoke access?',
      'access-policy': 'Remove the access policy',
      'role-assignment': 'Remove the role assignment',
      'disable-version': 'Disable the version in use',
      'disable-all-versions': 'Disable all versions',
      'delete-key': 'Delete the key',
      recommended: 'Recommended',
      notAvailable: 'Unavailable',
      affectsNoOther: 'No other known registry loses its key',
      alsoAffects_one: '{{count}} other registry also loses its key',
      alsoAffects_other: '{{count}} other registries also lose their key',
    },
    timer: {
      label: 'Restore automatically',
      never: 'Never, only on request',
      help: 'Unless someone keeps it revoked. Useful if you may be wrong or cannot be reached later.',
    },
    retire: {
      label: 'Version to retire',
      help: 'The plan checks whether a registry still uses it.',
      usedBy: 'used by {{names}}',
      unused: 'not used by any known registry',
    },
    decision: {
      notYours: 'You cannot approve this. See above who can.',
      approve: {
        button: 'Approve',
        what: 'You approve exactly this plan. If anything has changed since, the approval is void.',
        confirm: 'Approve',
      },
      reject: {
        button: 'Reject',
        what: 'The operation ends without changing anything.',
        confirm: 'Reject',
      },
      cancel: {
        button: 'Cancel',
        what: 'The operation ends before it changes anything in Azure.',
        confirm: 'Cancel operation',
      },
      confirm: {
        button: 'Keep revoked',
        what: 'Access is no longer restored automatically, only on request.',
        confirm: 'Keep revoked',
      },
    },
    follow: {
      question: 'When should the registry switch?',
      now: 'Now',
      wait: 'Within about an hour, when Azure does it',
    },
    plan: {
      incomplete: 'Complete the form to see the plan. Nothing is changed yet.',
      requestApproval: 'Request approval',
      needsApproval: 'A second person has to approve this operation.',
      waits:
        'The operation waits {{time}} before it starts. You can cancel it until then.',
      noChange:
        'Nothing changes: the registry has these settings already, and they are sent again.',
      passed_one: '{{count}} check passed',
      passed_other: '{{count}} checks passed',
      loading: 'Creating the plan. Nothing is changed yet.',
      failed: 'The plan could not be created: {{message}}',
      again: 'Create a new plan',
      expires: 'This plan expires',
      expired: 'This plan has expired.',
      blocked: 'A check has failed, so this plan cannot be accepted.',
      blockedLong:
        'A check has failed, so this plan cannot be accepted. See below what to do.',
      az: 'The same with az',
      azHelp:
        'For review, or to do it by hand. Permissions, approvals and the record of this portal do not apply there.',
      beforeAfter: 'What changes',
      field: 'Setting',
      before: 'Before',
      after: 'After',
      unchanged_one: '{{count}} setting stays as it is',
      unchanged_other: '{{count}} settings stay as they are',
      fields: {
        status: 'Encryption',
        keyIdentifier: 'Key URI',
        versionedKeyIdentifier: 'Version in use',
        identity: 'Identity',
        keyRotationEnabled: 'Version mode',
      },
      newVersion: 'the new version',
      newIdentity: 'a new identity',
      afterwards: 'Afterwards',
      begins: 'New',
      ends: 'Resolved',
      checks: 'Checks',
      steps: 'Steps',
      affected: 'Affected registries and teams',
      inverse: 'Undo',
      reversible: 'Can be undone',
      reversibleBy: 'Can be undone: {{action}}',
      irreversible: 'Cannot be undone',
      reasonHelp: 'All who see an affected registry can read it.',
      reasonLength:
        'Enter a reason of {{least, number}} to {{most, number}} characters.',
      typeName: 'Type {{name}} to confirm',
      unanswered:
        'No response ({{message}}). The request may have been carried out. You can safely press the button again.',
      changed: '{{field}} was {{shown}} and is now {{now}}',
    },
    check: {
      pass: 'Passed',
      warn: 'Warning',
      fail: 'Failed',
      unknown: 'Unknown',
    },
    step: {
      writes: 'changes Azure',
      reads: 'read-only',
      pending: 'Not started',
      running: 'In progress',
      waiting: 'Waiting',
      done: 'Done',
      unchanged: 'No change needed',
      failed: 'Failed',
      attempts_one: '{{count}} attempt',
      attempts_other: '{{count}} attempts',
      evidence: 'Observed before and after',
      same: 'before and after this step',
    },
    operation: {
      loading: 'Loading the operation',
      failedToLoad: 'The operation could not be loaded: {{message}}',
      disconnected: 'The portal stopped answering',
      disconnectedWhy:
        '({{message}}). This data may be out of date. Operations continue when the portal is back.',
      accepted:
        'You can close this dialog at any time; the tab shows the operation, too.',
      running: 'The operation is in progress',
      steps: 'Steps of the operation',
      checksAgain: 'next check',
      awaits: 'A second person has to approve it.',
      need: 'Needs approval',
      needOpen: 'not approved yet',
      requestExpires: 'The request expires',
      expires: 'expires',
      begins: 'Starts',
      restores: 'Restores automatically',
      restoreOverdue:
        'Its automatic restore is due, and has not succeeded yet. Next attempt',
      willRestore:
        'Restores automatically {{time}} after its end, unless someone keeps it revoked.',
      confirmedBy: 'Kept revoked by',
      approval: {
        pending: 'Approval',
        approved: 'Approved by',
        rejected: 'Rejected by',
        expired: 'Expired',
      },
      by: 'Requested by',
      automatically: 'Automatically, as requested by',
      startedBy: 'Started',
      reason: 'Reason',
      ended: 'Ended',
      code: 'Error code',
      campaign: 'Campaign',
      openCampaign: 'Started by a campaign',
      id: 'Operation ID',
      dismiss: 'Dismiss',
      ofRegistry: '{{kind}}: {{registry}}',
      kind: {
        rotate: 'Rotate key',
        'automatic-rotation': 'Automatic rotation',
        'change-key': 'Change key',
        'change-version': 'Change version',
        'change-mode': 'Change mode',
        'change-identity': 'Change identity',
        'resend-key': 'Send key again',
        revoke: 'Revoke access',
        restore: 'Restore access',
        retire: 'Retire version',
        'create-registry': 'Create registry',
      },
      state: {
        held: 'Held by its campaign',
        'awaiting-approval': 'Awaiting approval',
        queued: 'Queued',
        running: 'Running',
        waiting: 'Waiting',
        succeeded: 'Succeeded',
        failed: 'Failed',
        cancelled: 'Cancelled',
        rejected: 'Rejected',
        unverified: 'Not confirmed by Azure',
      },
    },
    history: {
      title: 'Operations',
      loading: 'Loading the operations',
      failed: 'The operations could not be loaded: {{message}}',
      none: 'No finished operations.',
      noOther: 'No other operations.',
      details: 'Details',
      detailsOf: 'Details: {{what}}, {{when}}',
    },
  },
});

export type Texts = TranslationFunction<(typeof acrCmkTranslationRef)['T']>;

/** Texts of the views in the language of the portal. */
export const useTexts = (): Texts => useTranslationRef(acrCmkTranslationRef).t;
